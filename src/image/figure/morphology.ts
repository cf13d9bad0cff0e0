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
  const down = Float32Array.from(values); // the largest from the beginning of the block
  for (let row = 1; row < height; row++) {
    if (row % window !== 0) raise(down, row * width, down, (row - 1) * width, width);
  }
  const up = Float32Array.from(values); // the largest to the end of the block
  for (let row = height - 2; row >= 0; row--) {
    if ((row + 1) % window !== 0) raise(up, row * width, up, (row + 1) * width, width);
  }
  const result = new Float32Array(values.length);
  for (let row = 0; row < height; row++) {
    const [first, last] = [Math.max(0, row - radius), Math.min(height - 1, row + radius)];
    const inOneBlock = Math.floor(first / window) === Math.floor(last / window);
    const [source, at] = inOneBlock && last === height - 1 ? [up, first] : [down, last];
    result.set(source.subarray(at * width, (at + 1) * width), row * width);
    if (!inOneBlock) raise(result, row * width, up, first * width, width);
  }
  return result;
}

/** Raises `length` values of `target` to those of `source`. */
function raise(target: Float32Array, to: number, source: Float32Array, from: number, length: number): void {
  for (let offset = 0; offset < length; offset++) {
    const value = source[from + offset]!;
    if (value > target[to + offset]!) target[to + offset] = value;
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
