/**
 * PyTorch keeps a convolution's weight as [out, in, height, width] (OIHW) and a dense layer's as [out, in]; TensorFlow
 * wants [height, width, in, out] (HWIO) and [in, out], which is the same exchange with 1×1 taps.
 */

/** Sizes of a convolution's weight, in PyTorch's order whatever the layout of its data. */
export type ConvolutionSizes = readonly [out: number, input: number, height: number, width: number];

/** @returns a copy of `data`, laid out as [height, width, in, out] */
export function oihwToHwio(data: Float32Array, sizes: ConvolutionSizes): Float32Array {
  const result = new Float32Array(data.length);
  forEachPair(sizes, (oihw, hwio) => {
    result[hwio] = data[oihw]!;
  });
  return result;
}

/** @returns a copy of `data`, laid out as [out, in, height, width] */
export function hwioToOihw(data: Float32Array, sizes: ConvolutionSizes): Float32Array {
  const result = new Float32Array(data.length);
  forEachPair(sizes, (oihw, hwio) => {
    result[oihw] = data[hwio]!;
  });
  return result;
}

/**
 * Sixteen values fill a cache line: a strip of sixteen `out` writes whole lines of one layout while it reads sixteen
 * sequences of the other.
 */
const STRIP = 16;

/** Visits each value's place in both layouts. */
function forEachPair([out, input, height, width]: ConvolutionSizes, visit: (oihw: number, hwio: number) => void): void {
  const taps = height * width;
  for (let strip = 0; strip < out; strip += STRIP) {
    const stripEnd = Math.min(strip + STRIP, out);
    for (let i = 0; i < input; i++) {
      for (let tap = 0; tap < taps; tap++) {
        for (let o = strip; o < stripEnd; o++) visit((o * input + i) * taps + tap, (tap * input + i) * out + o);
      }
    }
  }
}
