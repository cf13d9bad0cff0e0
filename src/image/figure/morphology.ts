/** Closings of grey images: dark structures that are narrower than a window are filled with what surrounds them. */
import type { ImageSize } from '../size.ts';

/**
 * The closing of an image with a square window: at each pixel the darkest level that some window over it does not
 * exceed. It fills dark strokes, and keeps shades, edges of shadows and everything else that a window fits in. Outside
 * the image nothing limits a window.
 *
 * @param values [height, width]
 * @param window side of the window in pixels; an even one counts as the next odd one
 * @returns [height, width]
 */
export function closing(values: Float32Array, size: ImageSize, window: number): Float32Array {
  const radius = Math.floor(window / 2);
  const turned = { height: size.width, width: size.height };
  const lightest = runningMaximum(transposed(runningMaximum(values, size, radius), size), turned, radius);
  negate(lightest); // a minimum is the maximum of the negated values
  const closed = runningMaximum(transposed(runningMaximum(lightest, turned, radius), turned), size, radius);
  return negate(closed);
}

/** The closing with a window one pixel wide and `window` pixels high: it keeps upright strokes. */
export function uprightClosing(values: Float32Array, size: ImageSize, window: number): Float32Array {
  const radius = Math.floor(window / 2);
  return negate(runningMaximum(negate(runningMaximum(values, size, radius)), size, radius));
}

/**
 * The largest value among 2 · radius + 1 pixels of a column, for each pixel. It takes three comparisons a pixel,
 * whatever the radius: the columns are cut into blocks as long as the window, and a window reaches over at most two
 * (van Herk, A Fast Algorithm for Local Minimum and Maximum Filters on Rectangular and Octagonal Kernels, 1992).
 */
function runningMaximum(values: Float32Array, { height, width }: ImageSize, radius: number): Float32Array {
  const window = 2 * radius + 1;
  const toEnd = new Float32Array(Math.min(window, height) * width); // the largest from each row of a block to its end
  const soFar = new Float32Array(width); // the largest from the beginning of a block to the row `last`
  let last = -1;
  const result = new Float32Array(values.length);
  for (let row = 0; row < height; row++) {
    while (last < Math.min(height - 1, row + radius)) {
      last += 1;
      raise(soFar, values, last, last % window === 0);
    }
    const first = row - radius;
    if (first >= 0 && first % window === 0) fillToEnd(toEnd, values, first, Math.min(height, first + window), width);
    const from = (Math.max(0, first) % window) * width;
    const to = row * width;
    if (Math.floor(Math.max(0, first) / window) === Math.floor(last / window)) {
      result.set(first < 0 ? soFar : toEnd.subarray(from, from + width), to);
      continue;
    }
    for (let column = 0; column < width; column++) {
      const largest = toEnd[from + column]!;
      const other = soFar[column]!;
      result[to + column] = largest > other ? largest : other;
    }
  }
  return result;
}

/** Raises values to those of a row, or sets them to these where a block begins. */
function raise(largest: Float32Array, values: Float32Array, row: number, begins: boolean): void {
  const from = row * largest.length;
  for (let column = 0; column < largest.length; column++) {
    const value = values[from + column]!;
    if (begins || value > largest[column]!) largest[column] = value;
  }
}

/** For each row of a block, the largest values from there to the block's end. */
function fillToEnd(toEnd: Float32Array, values: Float32Array, first: number, end: number, width: number): void {
  toEnd.set(values.subarray(first * width, end * width));
  for (let at = (end - first - 1) * width - 1; at >= 0; at--) {
    const below = toEnd[at + width]!;
    if (below > toEnd[at]!) toEnd[at] = below;
  }
}

/** Rows become columns: [height, width] → [width, height]. */
export function transposed(values: Float32Array, { height, width }: ImageSize): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) result[column * height + row] = values[row * width + column]!;
  }
  return result;
}

/** Changes all signs, in place. */
function negate(values: Float32Array): Float32Array {
  for (let index = 0; index < values.length; index++) values[index] = -values[index]!;
  return values;
}
