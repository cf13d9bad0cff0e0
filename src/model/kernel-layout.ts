/**
 * PyTorch keeps a convolution's kernel as [out, in, height, width] (OIHW), TensorFlow as [height, width, in, out] (HWIO);
 * a dense layer's weight [out, in] becomes [in, out], which is the same exchange for 1×1. On the host a kernel is whole;
 * on the backend only the taps are kept that ever meet a pixel.
 */
import type { LiveWindow } from '../runtime/convolution/window-geometry.ts';

/** Sizes of a whole kernel, in PyTorch's order whatever the layout of its values. */
export type KernelSizes = readonly [out: number, input: number, height: number, width: number];

/** Which taps of a kernel are kept: rows and columns from `first` on. */
export type KeptTaps = {
  readonly [side in keyof LiveWindow]: Pick<LiveWindow[side], 'first' | 'count'>;
};

/**
 * @param kernel OIHW
 * @param taps default: all
 * @returns a copy of the kept taps, HWIO
 */
export function tapsOfKernel(kernel: Float32Array, sizes: KernelSizes, taps = allTaps(sizes)): Float32Array {
  const [out, input] = sizes;
  const result = new Float32Array(taps.rows.count * taps.columns.count * input * out);
  forEachStrip(sizes, taps, (oihw, hwio, count, stride) => {
    for (let o = 0; o < count; o++) result[hwio + o] = kernel[oihw + o * stride]!;
  });
  return result;
}

/**
 * The reverse.
 *
 * @param values of the kept taps, HWIO
 * @param kernel OIHW: its values at the taps that were not kept; default: zeros
 * @returns a whole kernel, OIHW
 */
export function kernelOfTaps(
  values: Float32Array,
  kernel: Float32Array | undefined,
  sizes: KernelSizes,
  taps = allTaps(sizes),
): Float32Array {
  const result = kernel?.slice() ?? new Float32Array(sizes.reduce((product, size) => product * size, 1));
  forEachStrip(sizes, taps, (oihw, hwio, count, stride) => {
    for (let o = 0; o < count; o++) result[oihw + o * stride] = values[hwio + o]!;
  });
  return result;
}

function allTaps([, , height, width]: KernelSizes): KeptTaps {
  return { rows: { first: 0, count: height }, columns: { first: 0, count: width } };
}

/**
 * Sixteen values fill a cache line: a strip of sixteen `out` writes whole lines of one layout while it reads sixteen
 * sequences of the other.
 */
const STRIP = 16;

/** Where a strip begins in either layout, how many values it has, and how far apart they are in OIHW; in HWIO they touch. */
type StripVisitor = (oihw: number, hwio: number, count: number, stride: number) => void;

/** Visits each strip of kept values. (A call for each value takes four times as long.) */
function forEachStrip(
  [out, input, height, width]: KernelSizes,
  { rows, columns }: KeptTaps,
  visit: StripVisitor,
): void {
  const stride = input * height * width;
  for (let strip = 0; strip < out; strip += STRIP) {
    const count = Math.min(STRIP, out - strip);
    for (let i = 0; i < input; i++) {
      for (let row = 0; row < rows.count; row++) {
        for (let column = 0; column < columns.count; column++) {
          const whole = (rows.first + row) * width + columns.first + column;
          const kept = row * columns.count + column;
          visit((strip * input + i) * height * width + whole, (kept * input + i) * out + strip, count, stride);
        }
      }
    }
  }
}
