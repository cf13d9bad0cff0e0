/** Reads and compares the results that `pytorch_fixtures.py` wrote. */
import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { sampleOf } from './generator.ts';

/** A batch of square images, and its logits. */
export interface BatchFixture {
  readonly batch: number;
  readonly side: number;
  /** Seed for `imagesOf`. */
  readonly seed: number;
  /** [batch, 10] */
  readonly logits: number[];
}

/** A tensor in PyTorch's layout: two figures of all its values, and some of its values. */
export interface TensorFixture {
  /** Root of the sum of squares. */
  readonly norm: number;
  /** Largest absolute value. */
  readonly largest: number;
  /** Some of the values; see `sampleOf`. */
  readonly sample: number[];
}

interface TrainingFixture extends BatchFixture {
  /** Losses before the first step and before the second. */
  readonly losses: readonly [number, number];
  readonly gradients: Readonly<Record<string, TensorFixture>>;
  /** Running statistics after the first step. */
  readonly statistics: Readonly<Record<string, TensorFixture>>;
  /** Samples of the weights after the first step. */
  readonly weights: Readonly<Record<string, number[]>>;
}

interface NetworkFixture {
  readonly name: string;
  readonly blocks: number[];
  readonly width: number;
  readonly training: TrainingFixture[];
  readonly evaluation: BatchFixture[];
}

export const fixtures: readonly NetworkFixture[] = JSON.parse(
  readFileSync(new URL('./fixtures.json', import.meta.url), 'utf8'),
);

/** @param tolerance largest relative error of the norm, and of each value relative to the tensor's largest */
export function expectTensor(actual: Float32Array, { norm, largest, sample }: TensorFixture, tolerance: number): void {
  let squares = 0;
  for (const value of actual) squares += value * value; // millions of them: three times as fast as reduce
  const actualNorm = Math.sqrt(squares);
  expect(Math.abs(actualNorm / norm - 1)).toBeLessThan(tolerance);
  expect(largestDifference(actual, sample, () => true) / largest).toBeLessThan(tolerance);
}

/**
 * Compares weights after the first step, but not those whose gradient is mostly rounding: Adam's first step is nearly
 * the gradient's sign times the learning rate.
 *
 * @param tolerance largest difference, as a fraction of the learning rate
 */
export function expectFirstStep(
  actual: Float32Array,
  weights: number[],
  gradient: TensorFixture,
  { learningRate, tolerance }: { learningRate: number; tolerance: number },
): void {
  const certain = (index: number) => Math.abs(gradient.sample[index] ?? 0) >= 1e-4 * gradient.largest;
  expect(largestDifference(actual, weights, certain) / learningRate).toBeLessThan(tolerance);
}

/** Largest difference over the sampled values for which `compared` returns true. */
function largestDifference(actual: Float32Array, expected: number[], compared: (index: number) => boolean): number {
  const sample = sampleOf(actual);
  expect(sample).toHaveLength(expected.length);
  const differences = expected.map((value, index) => Math.abs((sample[index] ?? Number.NaN) - value));
  const certain = differences.filter((_, index) => compared(index));
  expect(certain).not.toEqual([]);
  return Math.max(...certain);
}
