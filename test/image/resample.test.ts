/** Tests of scaling images. */
import { expect, test } from '@jest/globals';
import { resample } from '../../src/image/resample.ts';

const values = Float32Array.of(0, 4, 8, 12, 16, 20);
const from = { height: 2, width: 3 };

test('scaling to the same size changes nothing', () => {
  expect([...resample(values, from, from)]).toEqual([...values]);
});

test('a pixel of a reduced image is the mean of the area that it covers', () => {
  expect([...resample(values, from, { height: 1, width: 1 })]).toEqual([expect.closeTo(10)]);
  expect([...resample(Float32Array.of(0, 3, 6), { height: 1, width: 3 }, { height: 1, width: 2 })]).toEqual([
    expect.closeTo(1),
    expect.closeTo(5),
  ]);
});

test('an enlarged image is interpolated linearly', () => {
  expect([...resample(Float32Array.of(0, 4), { height: 1, width: 2 }, { height: 1, width: 4 })]).toEqual([0, 1, 3, 4]);
});
