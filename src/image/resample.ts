/** Scales images with anti-aliasing. */

import type { ImageSize } from './size.ts';

/** The weighted sum that makes one output sample along a side. */
interface Kernel {
  /** Index of the first input sample. */
  readonly begin: number;
  /** Weights of the input samples from `begin` on; their sum is 1. */
  readonly weights: Float32Array;
}

/**
 * Scales an image, rows and columns separately. A side that shrinks takes the mean of the input that each output pixel
 * covers; a side that grows is interpolated linearly.
 *
 * @param values [from.height, from.width]
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
  const scaled = new Float32Array(to.height * to.width); // [to.height, to.width]
  for (let row = 0; row < to.height; row++) {
    for (const [column, { begin, weights }] of columns.entries()) {
      const source = row * from.width + begin;
      scaled[row * to.width + column] = weights.reduce((sum, weight, at) => sum + weight * wide[source + at]!, 0);
    }
  }
  return scaled;
}

/** The kernels of all `to` output samples along a side of `from` input samples. */
function kernels(from: number, to: number): Kernel[] {
  const scale = from / to;
  const kernel = scale >= 1 ? areaMean : linearInterpolation;
  return Array.from({ length: to }, (_, index) => kernel(index, scale, from));
}

/** The mean of the input samples in [index · scale, (index + 1) · scale), each weighted by its covered fraction. */
function areaMean(index: number, scale: number, from: number): Kernel {
  const [low, high] = [index * scale, (index + 1) * scale];
  const begin = Math.floor(low);
  const end = Math.min(from, Math.ceil(high));
  const covered = Float32Array.from({ length: end - begin }, (_, at) => {
    return Math.max(0, Math.min(high, begin + at + 1) - Math.max(low, begin + at));
  });
  return { begin, weights: covered.map((fraction) => fraction / scale) };
}

/** The two input samples on either side of the output sample's centre; at the edges the outermost sample alone. */
function linearInterpolation(index: number, scale: number, from: number): Kernel {
  const centre = Math.min(from - 1, Math.max(0, (index + 0.5) * scale - 0.5));
  const begin = Math.floor(centre);
  const fraction = centre - begin;
  return { begin, weights: fraction === 0 ? Float32Array.of(1) : Float32Array.of(1 - fraction, fraction) };
}
