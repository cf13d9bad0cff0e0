/** A 3×3 convolution over a whole small map by Winograd's algorithm, with few matrix products. */
import type { Tensor, TensorFlowJs } from '../tensor.ts';
import { fastConvolution, type Matrix } from './toom-cook.ts';

/**
 * Zero-padded 3×3 convolution with stride 1. It applies the fast algorithm of `toom-cook.ts` along rows and columns;
 * each of the algorithm's products becomes a matrix product [batch, in] × [in, out]. On 2×2 pixels it takes 9 products
 * instead of 36, on 4×4 pixels 36 instead of 144, on 7×7 pixels 121 instead of 441.
 *
 * @param x [batch, height, width, in], height and width at least 2
 * @param filter [3, 3, in, out]
 * @returns [batch, height, width, out]
 */
export function smallMap(tf: TensorFlowJs, x: Tensor, filter: Tensor): Tensor {
  const [, height = 0, width = 0] = x.shape;
  const [rows, columns] = [fastConvolution(height), fastConvolution(width)];
  const apply = (part: keyof typeof rows, tensor: Tensor) => transform(tf, rows[part], columns[part], tensor);
  const applyTransposed = (part: keyof typeof rows, tensor: Tensor) =>
    transform(tf, transposed(rows[part]), transposed(columns[part]), tensor);
  const byPixel = (images: Tensor) => tf.transpose(images, [1, 2, 0, 3]);
  const byImage = (pixels: Tensor) => tf.transpose(pixels, [2, 0, 1, 3]);
  // TensorFlow.js's own gradient would keep every intermediate tensor of the transforms until the backward pass.
  return tf.customGrad((...parameters) => {
    const [image, kernel, save] = parameters as unknown as [Tensor, Tensor, (tensors: Tensor[]) => void];
    const pixels = apply('pixels', byPixel(image)); // [row products, column products, B, in]
    const taps = apply('taps', kernel); // [row products, column products, in, out]
    save([pixels, taps]);
    return {
      value: byImage(apply('outputs', tf.matMul(pixels, taps))), // [B, height, width, out]
      gradFunc: (dy: Tensor, saved: Tensor[]) =>
        tf.tidy(() => {
          const [savedPixels, savedTaps] = saved as [Tensor, Tensor];
          const dProducts = applyTransposed('outputs', byPixel(dy)); // [row products, column products, B, out]
          return [
            byImage(applyTransposed('pixels', tf.matMul(dProducts, savedTaps, false, true))), // [B, height, width, in]
            applyTransposed('taps', tf.matMul(savedPixels, dProducts, true, false)), // [3, 3, in, out]
          ];
        }),
    };
  })(x, filter);
}

/**
 * The kernel as `smallMap` multiplies by it: for a kernel that stays.
 *
 * @param x a tensor of the map's height and width
 * @returns [row products, column products, in, out]
 */
export function smallMapTaps(tf: TensorFlowJs, { shape: [, height = 0, width = 0] }: Tensor, filter: Tensor): Tensor {
  return transform(tf, fastConvolution(height).taps, fastConvolution(width).taps, filter);
}

/**
 * `smallMap` by a kernel that stays; only `x` has a gradient.
 *
 * @param taps from `smallMapTaps`
 */
export function smallMapByTaps(tf: TensorFlowJs, x: Tensor, taps: Tensor): Tensor {
  const [, height = 0, width = 0] = x.shape;
  const [rows, columns] = [fastConvolution(height), fastConvolution(width)];
  return tf.customGrad((...parameters) => {
    const [image, save] = parameters as unknown as [Tensor, (tensors: Tensor[]) => void];
    const pixels = transform(tf, rows.pixels, columns.pixels, tf.transpose(image, [1, 2, 0, 3]));
    save([taps]);
    return {
      value: tf.transpose(transform(tf, rows.outputs, columns.outputs, tf.matMul(pixels, taps)), [2, 0, 1, 3]),
      gradFunc: (dy: Tensor, [savedTaps]: Tensor[]) =>
        tf.tidy(() => {
          const byPixel = tf.transpose(dy, [1, 2, 0, 3]);
          const dProducts = transform(tf, transposed(rows.outputs), transposed(columns.outputs), byPixel);
          const dPixels = tf.matMul(dProducts, savedTaps as Tensor, false, true);
          return tf.transpose(
            transform(tf, transposed(rows.pixels), transposed(columns.pixels), dPixels),
            [2, 0, 1, 3],
          );
        }),
    };
  })(x);
}

/** Number of matrix products that `smallMap` computes. */
export function smallMapProducts(height: number, width: number): number {
  return fastConvolution(height).pixels.length * fastConvolution(width).pixels.length;
}

/**
 * Multiplies the two leading dimensions of a tensor by constant matrices.
 *
 * @param rows [m, n]
 * @param columns [k, l]
 * @param tensor [n, l, a, b]
 * @returns [m, k, a, b]
 */
function transform(tf: TensorFlowJs, rows: Matrix, columns: Matrix, tensor: Tensor): Tensor {
  const [n = 0, l = 0, a = 0, b = 0] = tensor.shape;
  const tall = tf.matMul(tf.tensor2d(rows as number[][]), tf.reshape(tensor, [n, l * a * b])); // [m, l·a·b]
  const wide = tf.matMul(tf.tensor2d(columns as number[][]), tf.reshape(tall, [rows.length, l, a * b])); // [m, k, a·b]
  return tf.reshape(wide, [rows.length, columns.length, a, b]); // [m, k, a, b]
}

/** @returns [columns, rows] */
function transposed(matrix: Matrix): Matrix {
  return (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] as number));
}
