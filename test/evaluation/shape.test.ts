/** Tests of the coarse shape of an image. */
import { expect, test } from '@jest/globals';
import { shapesOf } from '../../src/evaluation/shape.ts';

const SIZE = { height: 6, width: 8 };

/** Images of 6 × 8 pixels, each by a function of row and column. */
function images(...pixelAt: ((row: number, column: number) => number)[]) {
  const { height, width } = SIZE;
  const pixels = Uint8Array.from({ length: pixelAt.length * height * width }, (_, index) => {
    const place = index % (height * width);
    return pixelAt[Math.floor(index / (height * width))]!(Math.floor(place / width), place % width);
  });
  return pixels;
}

test('the shape of an even image is its brightness alone', () => {
  const shape = shapesOf({ pixels: images(() => 51), rows: Int32Array.of(0) }, SIZE, 2);
  expect(shape[0]).toBeCloseTo(0.2 * Math.sqrt(6 * 8), 12);
  for (const other of shape.subarray(1)) expect(other).toBeCloseTo(0, 12);
});

test('a shape has one number for each pair of frequencies that the order allows: down, then across', () => {
  const [down, across] = [(row: number) => (row < 3 ? 255 : 0), (_: number, column: number) => (column < 4 ? 255 : 0)];
  const shapes = shapesOf({ pixels: images(down, across), rows: Int32Array.of(0, 1) }, SIZE, 1);
  const [even, wave] = [
    Math.sqrt(6 * 8) / 2,
    (side: number, other: number) => {
      const cosines = Array.from({ length: side / 2 }, (_, at) => Math.cos((Math.PI * (at + 0.5)) / side));
      return Math.sqrt(2 / side) * cosines.reduce((sum, each) => sum + each) * Math.sqrt(other);
    },
  ];
  const expected = [even, 0, wave(6, 8), even, wave(8, 6), 0];
  expect(shapes).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) expect(shapes[index]).toBeCloseTo(value, 12);
});

test('shapes come in the order of the indices', () => {
  const both = images(
    (row, column) => 20 * row + column,
    (row, column) => 200 - 30 * row * column,
  );
  const [first, second] = [
    shapesOf({ pixels: both, rows: Int32Array.of(0) }, SIZE, 4),
    shapesOf({ pixels: both, rows: Int32Array.of(1) }, SIZE, 4),
  ];
  expect(first).toHaveLength(15);
  expect(shapesOf({ pixels: both, rows: Int32Array.of(1, 0) }, SIZE, 4)).toEqual(Float64Array.of(...second, ...first));
});
