/** Batch norms that become a part of the convolution before them, also those with numbers at the edge. */
import { expect, test } from '@jest/globals';
import { foldedBatchNorm } from '../../../src/export/inference/folding.ts';

const EPSILON = 1e-5;

/** Numbers of a batch norm of one channel. */
function batchNorm(scale: number, shift: number, mean: number, variance: number) {
  const of = (name: string, value: number) => ({ name, shape: [1], values: Float32Array.of(value) });
  return {
    ...{ scale: of('weight', scale), shift: of('bias', shift) },
    ...{ mean: of('running_mean', mean), variance: of('running_var', variance) },
  };
}

test.each([
  ['of a usual batch norm', 2, 0.5, 3, 4],
  ['without a variance', 1, 0, 0.25, 0],
  ['with a variance below all that float32 counts in full', 1, 0, 0.25, 1e-40],
  ['with a negative factor', -2, 0.5, 3, 4],
  ['with numbers whose squares float32 cannot hold', 1, 0.5, 3e20, 1e38],
])('folded weight and bias %s compute both', (_, scale, shift, mean, variance) => {
  const [w, b, x] = [1.5, 0.75, 2].map(Math.fround) as [number, number, number];
  const { weight, bias } = foldedBatchNorm(
    Float32Array.of(w),
    Float32Array.of(b),
    batchNorm(scale, shift, mean, variance),
    EPSILON,
  );
  const [m, v] = [Math.fround(mean), Math.fround(variance)];
  const expected = ((w * x + b - m) / Math.sqrt(v + EPSILON)) * scale + shift;
  expect(weight[0]! * x + bias[0]!).toBeCloseTo(expected, 3);
});

test('a factor of 0 leaves nothing but the shift', () => {
  const norm = batchNorm(0, 0.5, 3, 4);
  expect(foldedBatchNorm(Float32Array.of(7), Float32Array.of(1), norm, EPSILON)).toEqual({
    weight: Float32Array.of(0),
    bias: Float32Array.of(0.5),
  });
});

test('a convolution without a bias gets one', () => {
  const { bias } = foldedBatchNorm(Float32Array.of(1), undefined, batchNorm(2, 0.5, 3, 4 - EPSILON), EPSILON);
  expect(bias[0]).toBeCloseTo(0.5 - 3, 6);
});
