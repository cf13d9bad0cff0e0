/** A 3×3 convolution of a whole small map as few matrix products. */
import type { Tensor, Tensor4D, TensorFlowJs } from './tensor.ts';
import { fastConvolution, type Matrix } from './toom-cook.ts';

/**
 * Zero-padded 3×3 convolution with stride 1: the fast algorithm of a line in both directions, with a matrix product
 * [batch, in] × [in, out] for each of its products. On 2×2 pixels these are 9 in place of the 36 of the padded windows,
 * on 4×4 36 in place of 144, on 7×7 121 in place of 441.
 *
 * @param x [batch, height, width, in], sides of at least 2
 * @param filter [3, 3, in, out]
 * @returns [batch, height, width, out]
 */
export function smallMap(tf: TensorFlowJs, x: Tensor, filter: Tensor4D): Tensor {
  const [, height = 0, width = 0] = x.shape;
  const [rows, columns] = [fastConvolution(height), fastConvolution(width)];
  const pixels = transform(tf, rows.pixels, columns.pixels, tf.transpose(x, [1, 2, 0, 3])); // [rows' products, columns', B, in]
  const taps = transform(tf, rows.taps, columns.taps, filter); // [rows' products, columns', in, out]
  const outputs = transform(tf, rows.outputs, columns.outputs, tf.matMul(pixels, taps)); // [height, width, B, out]
  return tf.transpose(outputs, [2, 0, 1, 3]);
}

/** Constant matrices times the two leading dimensions of a tensor: [m, n], [k, l], [n, l, a, b] → [m, k, a, b]. */
function transform(tf: TensorFlowJs, rows: Matrix, columns: Matrix, tensor: Tensor): Tensor {
  const [n = 0, l = 0, a = 0, b = 0] = tensor.shape;
  const tall = tf.matMul(tf.tensor2d(rows as number[][]), tf.reshape(tensor, [n, l * a * b])); // [m, l · a · b]
  const wide = tf.matMul(tf.tensor2d(columns as number[][]), tf.reshape(tall, [rows.length, l, a * b])); // [m, k, a · b]
  return tf.reshape(wide, [rows.length, columns.length, a, b]);
}
