/** Small pictures as small files. */
import { expect, test } from '@jest/globals';
import sharp from 'sharp';
import { thumbnailOf } from '../../src/image/thumbnail.ts';
import { RandomGenerator } from '../../src/random.ts';

test('a drawing is a PNG with exactly its pixels, of one channel if it is grey', async () => {
  const pixels = Uint8Array.of(0, 50, 100, 150, 200, 250);
  const { type, bytes } = await thumbnailOf({ pixels, height: 2, width: 3 });
  expect(type).toBe('image/png');
  sharp.unblock({ operation: ['VipsForeignLoadPng'] }); // `thumbnailOf` blocks all that it does not need
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', height: 2, width: 3, channels: 1 });
  const decoded = await sharp(bytes).extractChannel(0).raw().toBuffer();
  expect([...decoded]).toEqual([...pixels]);
});

test('a picture that would be a large PNG is a JPEG', async () => {
  const noise = new Float32Array(96 * 96 * 3);
  RandomGenerator.seeded(1, 'augmentation').fillUniform(noise, 64);
  const pixels = Uint8Array.from(noise, (value) => 128 + value);
  const { type, bytes } = await thumbnailOf({ pixels, height: 96, width: 96, channels: 3 });
  expect(type).toBe('image/jpeg');
  sharp.unblock({ operation: ['VipsForeignLoadJpeg'] });
  expect(bytes.length).toBeLessThan(12_000);
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', height: 96, width: 96, channels: 3 });
});
