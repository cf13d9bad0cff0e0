/** The images that are shown of a data set, drawn small. */
import { expect, test } from '@jest/globals';
import { drawnSmall, samplesOf } from '../../../src/dataset/survey/samples.ts';
import { petPicture } from './pets.ts';

function partOf(labels: readonly number[], unreadable: readonly number[] = []) {
  const images = { kind: 'pixels', pixels: new Uint8Array(labels.length), height: 1, width: 1, channels: 1 } as const;
  const isReadable = (index: number) => !unreadable.includes(index);
  return { labels: Uint8Array.from(labels), images, nameOf: String, isReadable };
}

test('images are taken from all of a class in equal steps, and not from its beginning alone', () => {
  const part = partOf(Array.from({ length: 100 }, (_, index) => index % 2));
  expect(samplesOf(part, 2, 5)).toEqual([
    [10, 30, 50, 70, 90],
    [11, 31, 51, 71, 91],
  ]);
});

test('a class of few images has all of them, and one of none has none', () => {
  expect(samplesOf(partOf([2, 0, 2, 2]), 4, 3)).toEqual([[1], [], [0, 2, 3], []]);
});

test('an image that cannot be read is not taken', () => {
  expect(samplesOf(partOf([0, 0, 0, 1], [1, 3]), 2, 3)).toEqual([[0, 2], []]);
});

test('a picture is drawn with its proportions and no side larger than wanted, in colour', async () => {
  const bytes = await petPicture('cat', 3).png().toBuffer();
  const part = { ...partOf([0]), images: { kind: 'pictures', read: async () => bytes } as const };
  const image = await drawnSmall(part, 0, 32);
  expect(image).toMatchObject({ height: 24, width: 32, channels: 3 });
  expect(image.pixels).toHaveLength(24 * 32 * 3);
  expect(await drawnSmall(part, 0, 96)).toMatchObject({ height: 48, width: 64 });
});

test('an array is drawn as it is, if it is small', async () => {
  const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const part = { ...partOf([0, 0]), images: { kind: 'pixels', pixels, height: 2, width: 2, channels: 1 } as const };
  expect(await drawnSmall(part, 1, 96)).toMatchObject({ height: 2, width: 2, pixels: Uint8Array.of(5, 6, 7, 8) });
});
