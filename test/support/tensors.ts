/** Random tensors, and comparisons of tensors. */
import { expect } from '@jest/globals';
import { RandomGenerator } from '../../src/random.ts';
import type { Tensor, TensorFlowJs } from '../../src/runtime/tensor.ts';

/** A tensor of values in [−1, 1], the same for the same seed. */
export function randomTensor(tf: TensorFlowJs, shape: number[], seed: number): Tensor {
  const values = new Float32Array(shape.reduce((size, side) => size * side, 1));
  RandomGenerator.seeded(seed, 'augmentation').fillUniform(values, 1);
  return tf.tensor(values, shape, 'float32');
}

/** max|a − b| / max|b|. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? 0)));
    largest = Math.max(largest, Math.abs(expected[i] ?? 0));
  }
  return difference === 0 ? 0 : difference / largest;
}

export function expectClose(actual: Tensor, expected: Tensor, tolerance = 1e-5): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(relativeError(actual.dataSync(), expected.dataSync())).toBeLessThan(tolerance);
}
