/** Resizes images exactly as Pillow does with `Image.resize(size, BILINEAR)`, byte for byte. */
import type { ImageSize } from '../size.ts';
import type { Pixels } from './pixels.ts';

/** Bits after the point of Pillow's weights of 8-bit images (PRECISION_BITS of its Resample.c). */
const PRECISION_BITS = 32 - 8 - 2;
const ONE = 2 ** PRECISION_BITS;
const HALF = ONE / 2;

/** A part of an image, in pixels. */
export interface Window extends ImageSize {
  readonly left: number;
  readonly top: number;
}

/** The weighted sums along one side: output sample i is the sum of `lengths[i]` input samples from `begins[i]` on. */
interface Weights {
  readonly begins: Int32Array;
  readonly lengths: Int32Array;
  /** [output samples, `stride`] */
  readonly weights: Int32Array;
  readonly stride: number;
}

/**
 * Resizes an image with Pillow's triangular filter, which is as wide as the reduction (antialias). The rows are resized
 * first and rounded to 8 bits, then the columns, as Pillow does.
 *
 * @param image of any number of channels
 * @param to size of the whole resized image
 * @param window the part of the resized image to compute; default: all of it. Its pixels are those that the whole has.
 * @returns [window.height, window.width, channels]; the image itself if nothing changes
 */
export function resizeAsPillow(image: Pixels, to: ImageSize, window: Window = { left: 0, top: 0, ...to }): Pixels {
  const isWhole = window.height === image.height && window.width === image.width;
  if (isWhole && to.height === image.height && to.width === image.width) return image;
  const rows = weightsOf(image.height, to.height, window.top, window.height);
  const columns = weightsOf(image.width, to.width, window.left, window.width);
  const isHigh = to.height === image.height; // then the rows stay as they are, as in Pillow
  const last = window.height - 1;
  const first = isHigh ? window.top : rows.begins[0]!; // rows above it and below the last are not needed
  const seen = isHigh ? window.height : rows.begins[last]! + rows.lengths[last]! - first;
  const wide =
    to.width === image.width ? cutColumns(image, first, seen, window) : resizeRows(image, first, seen, columns);
  return isHigh ? wide : resizeColumns(wide, rows, first, window.height);
}

/** Rows of an image, cut to the window's columns. */
function cutColumns({ pixels, width, channels }: Pixels, first: number, count: number, window: Window): Pixels {
  const stride = window.width * channels;
  const cut = new Uint8Array(count * stride);
  for (let row = 0; row < count; row++) {
    const begin = ((first + row) * width + window.left) * channels;
    cut.set(pixels.subarray(begin, begin + stride), row * stride);
  }
  return { pixels: cut, height: count, width: window.width, channels };
}

/** `count` rows of an image from `first` on, each resized. */
function resizeRows(image: Pixels, first: number, count: number, columns: Weights): Pixels {
  const { width: from, channels } = image;
  const width = columns.begins.length;
  const pixels = new Uint8Array(count * width * channels);
  const resizeRow = channels === 3 ? resizeColourRow : resizeRowOf(channels);
  for (let row = 0; row < count; row++) {
    resizeRow(image.pixels, (first + row) * from * channels, columns, pixels, row * width * channels);
  }
  return { pixels, height: count, width, channels };
}

/** Resizes the row of `pixels` that starts at `begin` into `resized`, from `out` on. */
type ResizeRow = (pixels: Uint8Array, begin: number, columns: Weights, resized: Uint8Array, out: number) => void;

/** Resizes rows of any number of channels. */
const resizeRowOf = (channels: number): ResizeRow => {
  return (pixels, begin, { begins, lengths, weights, stride }, resized, out) => {
    for (let column = 0; column < begins.length; column++) {
      const end = column * stride + lengths[column]!;
      for (let channel = 0; channel < channels; channel++) {
        let sum = HALF;
        let at = begin + begins[column]! * channels + channel;
        for (let each = column * stride; each < end; each++, at += channels) {
          sum = (sum + Math.imul(pixels[at]!, weights[each]!)) | 0; // stays a number of 32 bits, which is fast
        }
        resized[out + column * channels + channel] = Math.min(255, sum >> PRECISION_BITS); // no weight is negative
      }
    }
  };
};

/** Resizes rows of three channels: the same sums, in half the time. */
const resizeColourRow: ResizeRow = (pixels, begin, { begins, lengths, weights, stride }, resized, out) => {
  for (let column = 0; column < begins.length; column++) {
    const end = column * stride + lengths[column]!;
    let [red, green, blue] = [HALF, HALF, HALF];
    let at = begin + begins[column]! * 3;
    for (let each = column * stride; each < end; each++, at += 3) {
      const weight = weights[each]!;
      red = (red + Math.imul(pixels[at]!, weight)) | 0;
      green = (green + Math.imul(pixels[at + 1]!, weight)) | 0;
      blue = (blue + Math.imul(pixels[at + 2]!, weight)) | 0;
    }
    resized[out + column * 3] = Math.min(255, red >> PRECISION_BITS);
    resized[out + column * 3 + 1] = Math.min(255, green >> PRECISION_BITS);
    resized[out + column * 3 + 2] = Math.min(255, blue >> PRECISION_BITS);
  }
};

/** An image's columns resized; its row 0 is row `first` for the weights. */
function resizeColumns({ pixels, width, channels }: Pixels, rows: Weights, first: number, height: number): Pixels {
  const { begins, lengths, weights, stride } = rows;
  const rowLength = width * channels;
  const resized = new Uint8Array(height * rowLength);
  const sums = new Int32Array(rowLength);
  for (let row = 0; row < height; row++) {
    sums.fill(HALF);
    for (let offset = 0; offset < lengths[row]!; offset++) {
      const weight = weights[row * stride + offset]!;
      const begin = (begins[row]! - first + offset) * rowLength;
      for (let at = 0; at < rowLength; at++) {
        sums[at] = (sums[at]! + Math.imul(pixels[begin + at]!, weight)) | 0;
      }
    }
    const out = row * rowLength;
    for (let at = 0; at < rowLength; at++) resized[out + at] = Math.min(255, sums[at]! >> PRECISION_BITS);
  }
  return { pixels: resized, height, width, channels };
}

/**
 * Weights of output samples along a side, as `precompute_coeffs` and `normalize_coeffs_8bpc` of Pillow's Resample.c
 * make them.
 *
 * @param from samples of the side before
 * @param to samples of the whole side after
 * @param begin the first output sample wanted, and `count` how many
 */
function weightsOf(from: number, to: number, begin: number, count: number): Weights {
  const scale = from / to;
  const support = Math.max(1, scale); // half the width of the filter, in input samples
  const stride = Math.ceil(support) * 2 + 1;
  const begins = new Int32Array(count);
  const lengths = new Int32Array(count);
  const weights = new Int32Array(count * stride);
  const shares = new Float64Array(stride);
  for (let index = 0; index < count; index++) {
    const centre = (begin + index + 0.5) * scale;
    const low = Math.max(0, Math.trunc(centre - support + 0.5));
    const length = Math.min(from, Math.trunc(centre + support + 0.5)) - low;
    let sum = 0;
    for (let at = 0; at < length; at++) {
      shares[at] = Math.max(0, 1 - Math.abs((at + low - centre + 0.5) * (1 / support)));
      sum += shares[at]!;
    }
    for (let at = 0; at < length; at++) weights[index * stride + at] = Math.trunc((shares[at]! / sum) * ONE + 0.5);
    begins[index] = low;
    lengths[index] = length;
  }
  return { begins, lengths, weights, stride };
}
