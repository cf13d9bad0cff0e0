/** Normal distributions of vectors, one for each class, and the distance of a vector from the nearest. */
import type { ClassDistribution } from '../checkpoint/strangeness.ts';

/** Vectors of the same size, one after the other. */
export interface Vectors {
  /** [count, size] */
  readonly values: Float64Array;
  readonly size: number;
}

/** Fewest vectors of a class from which its distribution is estimated. */
const FEWEST_OF_A_CLASS = 5;

/** Fraction of the mean variance that is added to each variance, so that few vectors do not make a flat distribution. */
const RIDGE = 0.01;

/**
 * Estimates the distribution of each class.
 *
 * @param labels class of each vector, [count]
 * @returns undefined if a class has too few vectors, or if the vectors of a class do not vary
 */
export function distributionsOf(
  vectors: Vectors,
  labels: Uint8Array,
  classes: number,
): ClassDistribution[] | undefined {
  const { values, size } = vectors;
  const counts = new Int32Array(classes);
  const means = Array.from({ length: classes }, () => new Float64Array(size));
  for (const [index, label] of labels.entries()) {
    counts[label]! += 1;
    for (let i = 0; i < size; i++) means[label]![i]! += values[index * size + i]!;
  }
  if (counts.some((count) => count < FEWEST_OF_A_CLASS)) return undefined;
  for (const [label, mean] of means.entries()) for (let i = 0; i < size; i++) mean[i]! /= counts[label]!;
  const covariances = Array.from({ length: classes }, () => new Float64Array(size * size)); // lower triangles
  const difference = new Float64Array(size);
  let variance = 0; // the mean over all coordinates
  for (const [index, label] of labels.entries()) {
    for (let i = 0; i < size; i++) difference[i] = values[index * size + i]! - means[label]![i]!;
    const covariance = covariances[label]!;
    for (let i = 0; i < size; i++) {
      variance += difference[i]! ** 2 / (labels.length * size);
      for (let j = 0; j <= i; j++)
        covariance[i * size + j]! += (difference[i]! * difference[j]!) / (counts[label]! - 1);
    }
  }
  if (!(variance > 0 && Number.isFinite(variance))) return undefined;
  return means.map((mean, label) => {
    const covariance = covariances[label]!;
    for (let i = 0; i < size; i++) covariance[i * size + i]! += RIDGE * variance;
    return { mean: Array.from(mean, stored), whitening: whiteningOf(covariance, size).map(stored) };
  });
}

/** A number with the five digits that a checkpoint keeps. */
function stored(value: number): number {
  return Number(value.toPrecision(5));
}

/**
 * The inverse of the Cholesky factor of a covariance.
 *
 * @param covariance [size, size]; its lower triangle is overwritten with the factor
 * @returns the rows of the lower triangle
 */
function whiteningOf(covariance: Float64Array, size: number): number[] {
  const at = (row: number, column: number) => covariance[row * size + column]!;
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      covariance[i * size + j] = i === j ? Math.sqrt(sum) : sum / at(j, j);
    }
  }
  const inverse: number[] = [];
  const row = (i: number) => (i * (i + 1)) / 2; // where a row of the inverse begins
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? 1 : 0;
      for (let k = j; k < i; k++) sum -= at(i, k) * inverse[row(k) + j]!;
      inverse.push(sum / at(i, i));
    }
  }
  return inverse;
}

/**
 * Squared distance of the vector at `index` from a distribution, in standard deviations (Mahalanobis 1936).
 *
 * @param enough a squared distance above this need not be exact; default: it is always exact
 */
export function squaredDistance(
  { mean, whitening }: ClassDistribution,
  { values, size }: Vectors,
  index: number,
  enough = Number.POSITIVE_INFINITY,
): number {
  let total = 0;
  let next = 0;
  for (let i = 0; i < size && total <= enough; i++) {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += whitening[next++]! * (values[index * size + j]! - mean[j]!);
    total += sum * sum;
  }
  return total;
}

/** Distance of the vector at `index` from the nearest distribution, in standard deviations. */
export function distance(distributions: readonly ClassDistribution[], vectors: Vectors, index: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const each of distributions) least = Math.min(least, squaredDistance(each, vectors, index, least));
  return Math.sqrt(least);
}

/**
 * The distance of each vector that the distributions were estimated from, as if it had not been among them. Else vectors
 * that were not among them would seem far away: with 500 validation images 5.4 % of MNIST's test images would be above
 * the limit that should refuse 1 %; so it is 1.1 %.
 *
 * @param labels class of each vector, [count]
 */
export function heldOutDistances(
  distributions: readonly ClassDistribution[],
  vectors: Vectors,
  labels: Uint8Array,
): Float64Array {
  const counts = new Int32Array(distributions.length);
  for (const label of labels) counts[label]! += 1;
  return Float64Array.from(labels, (label, index) => {
    let least = withoutItself(squaredDistance(distributions[label]!, vectors, index), counts[label]!);
    for (const [other, each] of distributions.entries()) {
      if (other !== label) least = Math.min(least, squaredDistance(each, vectors, index, least));
    }
    return Math.sqrt(least);
  });
}

/** The squared distance of a vector from the distribution of the `count` − 1 others, from that of all `count`. */
function withoutItself(square: number, count: number): number {
  const rest = Math.max(1e-9, 1 - (count * square) / (count - 1) ** 2);
  return (square * (count / (count - 1)) ** 2 * (count - 2)) / (count - 1) / rest;
}
