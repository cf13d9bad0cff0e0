/** Images that an export is tried on, as numbers in each layout. */
import { expect, test } from '@jest/globals';
import { inLayout, normalisedImages, randomImages, slicedImages } from '../../../src/export/proof/images.ts';

const images = {
  count: 2,
  shape: [3, 1, 2],
  pixels: Uint8Array.from({ length: 12 }, (_, at) => at),
  source: '',
} as const;

test('channels first: the numbers of each channel stand together, image by image', () => {
  expect([...inLayout(images.pixels, images, 'NCHW')]).toEqual([0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]);
  expect([...inLayout(images.pixels, images, 'NHWC')]).toEqual([...images.pixels]);
});

test('each channel is normalised by its own mean and standard deviation', () => {
  const by = { mean: [0, 1, 0.5], std: [1, 1, 0.5] };
  const expected = [0, 1 / 255 - 1, 4 / 255 - 1, 3 / 255, 4 / 255 - 1, 10 / 255 - 1];
  const found = [...normalisedImages(slicedImages(images, 0, 1), by)];
  for (const [at, value] of found.entries()) expect(value).toBeCloseTo(expected[at]!, 6);
});

test('a slice is never longer than the images', () => {
  const { count, pixels } = slicedImages(images, 1, 9);
  expect([count, ...pixels]).toEqual([1, 6, 7, 8, 9, 10, 11]);
});

test('random images are the same each time, and use all bytes', () => {
  const [one, other] = [randomImages([1, 8, 9], ''), randomImages([1, 8, 9], '')];
  expect(one.pixels.length).toBe(100 * 72);
  expect(one).toEqual(other);
  expect(new Set(one.pixels).size).toBe(256);
});
