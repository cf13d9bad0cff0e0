/** Convolutions as plain matrix products: for 1×1 kernels, and for maps with few output pixels. */
import type { Tensor, Tensor2D, Tensor4D, TensorFlowJs } from '../tensor.ts';
import type { LiveTaps, LiveWindow } from './window-geometry.ts';

/**
 * Convolution with a 1×1 kernel and without padding: one matrix product for all pixels that the stride does not skip.
 *
 * @param x [batch, height, width, in]
 * @param filter [1, 1, in, out]
 * @returns [batch, ⌈height / stride⌉, ⌈width / stride⌉, out]
 */
export function productOfPixels(tf: TensorFlowJs, x: Tensor, filter: Tensor4D, stride: number): Tensor {
  const [, , input, out] = filter.shape;
  // Average pooling over one pixel skips pixels; of all ops that do so, its gradient is the fastest.
  const pixels = stride === 1 ? x : tf.avgPool(x as Tensor4D, 1, stride, 'valid'); // [B, H', W', in]
  const rows = tf.reshape(pixels, [-1, input]) as Tensor2D; // [B·H'·W', in]
  const product = tf.matMul(rows, tf.reshape(filter, [input, out]) as Tensor2D); // [B·H'·W', out]
  return tf.reshape(product, [...pixels.shape.slice(0, 3), out]); // [B, H', W', out]
}

/**
 * Convolution as one matrix product for each output pixel, of the pixels that the window meets and their taps. Every
 * window must meet at least one pixel.
 *
 * @param x [batch, height, width, in]
 * @param filter the kernel's live taps (see `window-geometry.ts`) [live rows, live columns, in, out]
 * @returns [batch, height', width', out] with height' and width' as in `convolution`
 */
export function productPerOutput(
  tf: TensorFlowJs,
  x: Tensor,
  filter: Tensor4D,
  { rows, columns }: LiveWindow,
  stride: number,
): Tensor {
  const [batch = 0, height = 0, width = 0, input = 0] = x.shape;
  const out = filter.shape[3];
  const products = overlaps(height, rows, stride).flatMap((row) =>
    overlaps(width, columns, stride).map((column) => {
      const pixels = tf.slice(x, [0, row.firstPixel, column.firstPixel, 0], [batch, row.count, column.count, input]);
      const taps = tf.slice(filter, [row.firstTap, column.firstTap, 0, 0], [row.count, column.count, input, out]);
      const size = row.count * column.count * input;
      const [left, right] = [tf.reshape(pixels, [batch, size]), tf.reshape(taps, [size, out])];
      return tf.matMul(left as Tensor2D, right as Tensor2D); // [B, out]
    }),
  );
  return tf.reshape(tf.stack(products, 1), [batch, rows.outputs, columns.outputs, out]); // [B, H', W', out]
}

/** The pixels along a side that one output's window meets. */
interface Overlap {
  /** Index of the first pixel that the window meets. */
  readonly firstPixel: number;
  /** Index, among the live taps, of the tap that meets the first pixel. */
  readonly firstTap: number;
  /** How many pixels the window meets. */
  readonly count: number;
}

/** The overlaps of window and pixels, one for each output along a side of `side` pixels. */
export function overlaps(side: number, { count, outputs, before }: LiveTaps, stride: number): Overlap[] {
  return Array.from({ length: outputs }, (_, output) => {
    const start = output * stride - before;
    const firstPixel = Math.max(0, start);
    return { firstPixel, firstTap: firstPixel - start, count: Math.min(side, start + count) - firstPixel };
  });
}
