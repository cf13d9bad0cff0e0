/** Tests of pictures that libvips makes smaller: how far they are from what Pillow makes of them. */
import { expect, test } from '@jest/globals';
import sharp from 'sharp';
import { differences } from '../../../scripts/check-data/differences.ts';
import type { Preparation } from '../../../src/image/prepare/preparation.ts';
import { preparePicture } from '../../../src/image/prepare/prepare-picture.ts';
import { preparePixels } from '../../../src/image/prepare/prepare-pixels.ts';
import { scene } from './scene.ts';

/** Bounds of what libvips may differ by from Pillow's BILINEAR, in levels. */
const MEAN = 0.7;
const MOST_INSIDE = 8;
const MOST_AT_EDGES = 20;

/** Levels of an image without its outer rows and columns. */
function inside(pixels: Uint8Array, { height, width, channels }: Preparation): Buffer {
  const length = (width - 2) * channels;
  const begins = Array.from({ length: height - 2 }, (_, row) => ((row + 1) * width + 1) * channels);
  return Buffer.concat(begins.map((begin) => pixels.subarray(begin, begin + length)));
}

test.each([
  [300, 400, 200, 200, 3, 'stretch'],
  [300, 400, 100, 120, 1, 'stretch'],
  [427, 640, 100, 100, 3, 'crop'],
  [300, 400, 40, 40, 3, 'crop'],
  [300, 400, 32, 32, 1, 'stretch'],
] as const)('%d × %d pixels to %d × %d × %d by %s are near what Pillow makes', async (...numbers) => {
  const [fromHeight, fromWidth, height, width, channels, fit] = numbers;
  const source = scene(fromHeight, fromWidth);
  const png = await sharp(source.pixels, { raw: source }).png({ compressionLevel: 1 }).toBuffer();
  const to = { height, width, channels, fit };
  const [seen, exact] = [await preparePicture(png, 'a', to), preparePixels(source.pixels, source, to)];
  const all = differences(seen.pixels, exact.pixels);
  expect(all.mean).toBeLessThanOrEqual(MEAN);
  expect(all.most).toBeLessThanOrEqual(MOST_AT_EDGES);
  expect(differences(inside(seen.pixels, to), inside(exact.pixels, to)).most).toBeLessThanOrEqual(MOST_INSIDE);
});

test('a picture of 65,536 pixels is reduced exactly as Pillow does', async () => {
  const source = scene(256, 256);
  const png = await sharp(source.pixels, { raw: source }).png({ compressionLevel: 1 }).toBuffer();
  const to = { height: 100, width: 64, channels: 3, fit: 'stretch' } as const;
  expect(
    differences((await preparePicture(png, 'a', to)).pixels, preparePixels(source.pixels, source, to).pixels).most,
  ).toBe(0);
});
