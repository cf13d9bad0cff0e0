/** Convolutions that are plain matrix products: of 1×1 kernels, and on maps with few output pixels. */
import type { Tensor, Tensor2D, Tensor4D, TensorFlowJs } from '../tensor.ts';
import type { LiveTaps, LiveWindow } from './window-geometry.ts';

/**
 * Convolution with a 1×1 kernel, no padding: all pixels it meets in one product.
 *
 * @param x [batch, height, width, in]
 * @param filter [1, 1, in, out]
 * @returns [batch, ⌈height / stride⌉, ⌈width / stride⌉, out]
 */
export function productOfPixels(tf: TensorFlowJs, x: Tensor, filter: Tensor4D, stride: number): Tensor {
  const [, , input, out] = filter.shape;
  // The mean of one pixel is itself: of all ways to skip pixels the one whose gradient is fast too.
  const met = stride === 1 ? x : tf.avgPool(x as Tensor4D, 1, stride, 'valid');
  const product = tf.matMul(tf.reshape(met, [-1, input]) as Tensor2D, tf.reshape(filter, [input, out]) as Tensor2D);
  return tf.reshape(product, [...met.shape.slice(0, 3), out]);
}

/**
 * Convolution as one product an output pixel, of the pixels its window meets with their taps. Every window has to meet
 * one.
 *
 * @param x [batch, height, width, in]
 * @param filter the live taps [live rows, live columns, in, out]
 * @returns [batch, height', width', out]
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
  const products = meetings(height, rows, stride).flatMap((row) =>
    meetings(width, columns, stride).map((column) => {
      const pixels = tf.slice(x, [0, row.pixel, column.pixel, 0], [batch, row.count, column.count, input]);
      const taps = tf.slice(filter, [row.tap, column.tap, 0, 0], [row.count, column.count, input, out]);
      const met = row.count * column.count * input;
      return tf.matMul(tf.reshape(pixels, [batch, met]) as Tensor2D, tf.reshape(taps, [met, out]) as Tensor2D); // [B, out]
    }),
  );
  return tf.reshape(tf.stack(products, 1), [batch, rows.outputs, columns.outputs, out]);
}

/** For each output along a side: the first pixel that its window meets, the live tap upon it, and how many meet. */
export function meetings(side: number, { count, outputs, before }: LiveTaps, stride: number) {
  return Array.from({ length: outputs }, (_, output) => {
    const start = output * stride - before;
    const pixel = Math.max(0, start);
    return { pixel, tap: pixel - start, count: Math.min(side, start + count) - pixel };
  });
}
