/** Tests of Winograd's algorithms for a line of pixels. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fastConvolution, type Matrix } from '../../../src/runtime/convolution/toom-cook.ts';

const times = (matrix: Matrix, vector: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, value, i) => sum + value * (vector[i] ?? Number.NaN), 0));

describe('fastConvolution', () => {
  const number = fc.integer({ min: -1000, max: 1000 });
  const line = fc.array(number, { minLength: 2, maxLength: 33 });

  test('equals the zero-padded convolution with three taps on lines of any length', () => {
    fc.assert(
      fc.property(line, fc.tuple(number, number, number), (pixels, taps) => {
        const fast = fastConvolution(pixels.length);
        const [left, right] = [times(fast.pixels, pixels), times(fast.taps, taps)];
        const outputs = times(
          fast.outputs,
          left.map((value, i) => value * (right[i] ?? Number.NaN)),
        );
        for (const [i, output] of outputs.entries()) {
          const [before = 0, at = 0, after = 0] = [pixels[i - 1], pixels[i], pixels[i + 1]];
          expect(output).toBeCloseTo(before * taps[0] + at * taps[1] + after * taps[2], 4); // of numbers up to 3e6
        }
      }),
    );
  });

  test.each([
    [2, 3],
    [3, 5],
    [4, 6],
    [7, 11],
    [8, 12],
  ])('takes for %i pixels %i products', (side, products) => {
    expect(fastConvolution(side).taps).toHaveLength(products);
  });
});
