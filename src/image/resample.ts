/** Scaling with anti-aliasing. */

import type { ImageSize } from './size.ts';

/** What one sample of the result is made of: samples from `begin` on, times these weights, which add up to 1. */
interface Kernel {
  readonly begin: number;
  readonly weights: Float32Array;
}

/**
 * Scales rows and columns: smaller by the mean of what a pixel covers, larger by linear interpolation.
 *
 * @param values [height, width]
 * @returns [to.height, to.width]
 */
export function resample(values: Float32Array, from: ImageSize, to: ImageSize): Float32Array {
  const rows = kernels(from.height, to.height);
  const columns = kernels(from.width, to.width);
  const wide = new Float32Array(to.height * from.width); // [to.height, from.width]
  for (const [row, { begin, weights }] of rows.entries()) {
    for (const [offset, weight] of weights.entries()) {
      const source = (begin + offset) * from.width;
      for (let column = 0; column < from.width; column++) {
        wide[row * from.width + column]! += weight * values[source + column]!;
      }
    }
  }
  const scaled = new Float32Array(to.height * to.width);
  for (let row = 0; row < to.height; row++) {
    for (const [column, { begin, weights }] of columns.entries()) {
      const source = row * from.width + begin;
      scaled[row * to.width + column] = weights.reduce((sum, weight, at) => sum + weight * wide[source + at]!, 0);
    }
  }
  return scaled;
}

function kernels(from: number, to: number): Kernel[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, index) => (scale >= 1 ? mean(index, scale, from) : line(index, scale, from)));
}

/** The samples that [index · scale, (index + 1) · scale) covers, each by the fraction that is covered. */
function mean(index: number, scale: number, from: number): Kernel {
  const [low, high] = [index * scale, (index + 1) * scale];
  const begin = Math.floor(low);
  const end = Math.min(from, Math.ceil(high));
  const covered = Float32Array.from({ length: end - begin }, (_, at) => {
    return Math.max(0, Math.min(high, begin + at + 1) - Math.max(low, begin + at));
  });
  return { begin, weights: covered.map((fraction) => fraction / scale) };
}

/** The two samples whose middles the result's middle lies between; at the edges one alone. */
function line(index: number, scale: number, from: number): Kernel {
  const middle = Math.min(from - 1, Math.max(0, (index + 0.5) * scale - 0.5));
  const begin = Math.floor(middle);
  const fraction = middle - begin;
  return { begin, weights: fraction === 0 ? Float32Array.of(1) : Float32Array.of(1 - fraction, fraction) };
}
