/** A 3×3 convolution of a whole small map as few matrix products. */
import type { Tensor, TensorFlowJs } from '../tensor.ts';
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
export function smallMap(tf: TensorFlowJs, x: Tensor, filter: Tensor): Tensor {
  const [, height = 0, width = 0] = x.shape;
  const [rows, columns] = [fastConvolution(height), fastConvolution(width)];
  const apply = (part: keyof typeof rows, tensor: Tensor) => transform(tf, rows[part], columns[part], tensor);
  const applyTransposed = (part: keyof typeof rows, tensor: Tensor) =>
    transform(tf, transposed(rows[part]), transposed(columns[part]), tensor);
  const byPixel = (images: Tensor) => tf.transpose(images, [1, 2, 0, 3]);
  const byImage = (pixels: Tensor) => tf.transpose(pixels, [2, 0, 1, 3]);
  // The gradient is written out because TensorFlow.js's own would keep every step of the transforms until it ran.
  return tf.customGrad((...given) => {
    const [image, kernel, save] = given as unknown as [Tensor, Tensor, (tensors: Tensor[]) => void];
    const pixels = apply('pixels', byPixel(image)); // [rows' products, columns', B, in]
    const taps = apply('taps', kernel); // [rows' products, columns', in, out]
    save([pixels, taps]);
    return {
      value: byImage(apply('outputs', tf.matMul(pixels, taps))), // [B, height, width, out]
      gradFunc: (dy: Tensor, saved: Tensor[]) =>
        tf.tidy(() => {
          const [savedPixels, savedTaps] = saved as [Tensor, Tensor];
          const dProducts = applyTransposed('outputs', byPixel(dy)); // [rows' products, columns', B, out]
          return [
            byImage(applyTransposed('pixels', tf.matMul(dProducts, savedTaps, false, true))), // [B, height, width, in]
            applyTransposed('taps', tf.matMul(savedPixels, dProducts, true, false)), // [3, 3, in, out]
          ];
        }),
    };
  })(x, filter);
}

/** How many matrix products `smallMap` takes. */
export function smallMapProducts(height: number, width: number): number {
  return fastConvolution(height).pixels.length * fastConvolution(width).pixels.length;
}

/** Constant matrices times the two leading dimensions of a tensor: [m, n], [k, l], [n, l, a, b] → [m, k, a, b]. */
function transform(tf: TensorFlowJs, rows: Matrix, columns: Matrix, tensor: Tensor): Tensor {
  const [n = 0, l = 0, a = 0, b = 0] = tensor.shape;
  const tall = tf.matMul(tf.tensor2d(rows as number[][]), tf.reshape(tensor, [n, l * a * b])); // [m, l · a · b]
  const wide = tf.matMul(tf.tensor2d(columns as number[][]), tf.reshape(tall, [rows.length, l, a * b])); // [m, k, a · b]
  return tf.reshape(wide, [rows.length, columns.length, a, b]);
}

function transposed(matrix: Matrix): Matrix {
  return (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] as number));
}
