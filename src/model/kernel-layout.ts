/**
 * Layouts of a convolution's kernel: PyTorch's is [out, in, height, width] (OIHW), TensorFlow's is
 * [height, width, in, out] (HWIO). A dense layer's weight, [out, in] in PyTorch and [in, out] in TensorFlow, is a 1×1
 * kernel.
 *
 * The host has whole kernels, the device only their live taps (see runtime/convolution/window-geometry.ts). The dead
 * taps have the dead weights of engine/trained-model.ts.
 */
import type { LiveWindow } from '../runtime/convolution/window-geometry.ts';

/** Sizes of a whole kernel, always in PyTorch's order. */
export type KernelSizes = readonly [out: number, input: number, height: number, width: number];

/** Taps of a kernel that the device has: `count` rows and columns from `first` on. */
export type KeptTaps = {
  readonly [side in keyof LiveWindow]: Pick<LiveWindow[side], 'first' | 'count'>;
};

/**
 * Cuts the kept taps out of a whole kernel.
 *
 * @param kernel OIHW
 * @param taps kept taps; default: all
 * @returns a copy of their values, HWIO
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
 * Puts the kept taps back into a whole kernel: the reverse of `tapsOfKernel`.
 *
 * @param values values of the kept taps, HWIO
 * @param kernel whole kernel with the values of all other taps, OIHW; default: zeros
 * @param taps kept taps; default: all
 * @returns a new whole kernel, OIHW
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
 * Output channels copied at a time. Sixteen float32 fill a cache line: a strip writes whole lines of one layout while
 * it reads sixteen sequences of the other.
 */
const STRIP_CHANNELS = 16;

/**
 * Called with a strip's first index in either layout, its number of values, and their distance in OIHW; in HWIO they
 * are adjacent.
 */
type StripVisitor = (oihw: number, hwio: number, count: number, stride: number) => void;

/** Visits each strip of kept values. A call for each value would take four times as long. */
function forEachStrip(
  [out, input, height, width]: KernelSizes,
  { rows, columns }: KeptTaps,
  visit: StripVisitor,
): void {
  const stride = input * height * width;
  for (let strip = 0; strip < out; strip += STRIP_CHANNELS) {
    const count = Math.min(STRIP_CHANNELS, out - strip);
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
