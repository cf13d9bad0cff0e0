import { expect, test } from '@jest/globals';
import { resample } from '../../src/image/resample.ts';

const values = Float32Array.of(0, 4, 8, 12, 16, 20);
const from = { height: 2, width: 3 };

test('the same size is the same picture', () => {
  expect([...resample(values, from, from)]).toEqual([...values]);
});

test('a smaller pixel is the mean of what it covers', () => {
  expect([...resample(values, from, { height: 1, width: 1 })]).toEqual([expect.closeTo(10)]);
  expect([...resample(Float32Array.of(0, 3, 6), { height: 1, width: 3 }, { height: 1, width: 2 })]).toEqual([
    expect.closeTo(1),
    expect.closeTo(5),
  ]);
});

test('a larger picture goes straight from pixel to pixel', () => {
  expect([...resample(Float32Array.of(0, 4), { height: 1, width: 2 }, { height: 1, width: 4 })]).toEqual([0, 1, 3, 4]);
});
