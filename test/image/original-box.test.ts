/** Tests of a digit's box in pixels of the user's own picture. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import sharp from 'sharp';
import { originalBox } from '../../src/image/original-box.ts';
import { readDigits } from '../../src/image/read-digits.ts';
import { unblockDecoders } from '../support/decoders.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

unblockDecoders();

const folder = temporaryFolder();

test('a box in a picture that was not reduced stays as it is', () => {
  const picture = { height: 40, width: 60, original: { height: 40, width: 60 } };
  const box = originalBox({ top: 3, left: 5, bottom: 33, right: 21 }, picture);
  expect(box).toEqual({ left: 5, top: 3, width: 16, height: 30 });
});

test('a box in a reduced picture covers all that its pixels were made of, and no more than the picture', () => {
  const picture = { height: 100, width: 256, original: { height: 1001, width: 2560 } };
  const box = originalBox({ top: 1, left: 2, bottom: 100, right: 256 }, picture);
  expect(box).toEqual({ left: 20, top: 10, width: 2540, height: 991 });
});

test('the box of a photograph that its camera laid on its side counts the pixels of the upright one', async () => {
  const [height, width] = [900, 600]; // upright
  const bar = { left: 90, top: 120, width: 60, height: 480 };
  const upright = await sharp({ create: { height, width, channels: 3, background: '#ddd' } })
    .composite([{ input: { create: { ...bar, channels: 3, background: '#222' } }, left: bar.left, top: bar.top }])
    .png()
    .toBuffer();
  const path = join(folder, 'turned.jpg');
  await sharp(upright).rotate(270).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toFile(path);
  const { value: digit } = await readDigits([path], { height: 28, width: 28 }).next();
  if (!digit || digit instanceof Error) throw digit;
  const { box, picture } = digit;
  expect(picture.original).toEqual({ height, width });
  const found = originalBox(box, picture);
  const reducedPixel = height / picture.height;
  for (const side of ['left', 'top', 'width', 'height'] as const) {
    expect(Math.abs(found[side] - bar[side])).toBeLessThan(3 * reducedPixel);
  }
});
