/** Convolution and pooling with PyTorch's paddings, each computed in the form that is fastest for its map. */
import type { Tensor, Tensor2D, Tensor3D, Tensor4D, TensorFlowJs } from './tensor.ts';
import { type LiveTaps, liveTaps, type Window } from './window-geometry.ts';

/** How a convolution is computed. All are exact; `convolution` says how each works. */
export type ConvolutionForm = 'windows' | 'product' | 'smallMap';

/**
 * Which form a convolution takes on a map of this height and width. Measured on 2 cores without AVX-512, batch 128, one
 * convolution forward and backward: 256→512 on a 2×2 map 13.4 ms as windows, about 2 as a product; 256→256 on a 2×2 map
 * 15.8 ms as windows, about 5 as a small map.
 */
export function convolutionForm(height: number, width: number, window: Window): ConvolutionForm {
  const sides = [height, width].map((side) => ({ side, ...liveTaps(side, window) }));
  if (sides.every(({ side, outputs, count }) => outputs === 1 && count === side)) return 'product';
  const { kernel, stride, padding } = window;
  if (kernel === 3 && stride === 1 && padding === 1 && height === 2 && width === 2) return 'smallMap';
  return 'windows';
}

/**
 * 2-D convolution without bias, PyTorch's zero padding.
 *
 * @param x [batch, height, width, in]
 * @param filter the live taps only (see `liveTaps`): [live rows, live columns, in, out]
 * @returns [batch, height', width', out], height' = ⌊(height + 2·padding − kernel) / stride⌋ + 1
 */
export function convolution(tf: TensorFlowJs, x: Tensor, filter: Tensor, window: Window): Tensor {
  const [, height = 0, width = 0] = x.shape;
  switch (convolutionForm(height, width, window)) {
    case 'product':
      return mapProduct(tf, x, filter as Tensor4D);
    case 'smallMap':
      return smallMap(tf, x, filter as Tensor4D);
    case 'windows': {
      const [rows, columns] = [liveTaps(height, window), liveTaps(width, window)];
      const [same, padded] = pad(tf, x as Tensor4D, rows, columns, window.stride, 0);
      return tf.conv2d(padded, filter as Tensor4D, window.stride, same ? 'same' : 'valid');
    }
  }
}

/** Max pooling; the padding never wins, as in PyTorch. Shapes as in `convolution`, channels kept. */
export function maxPool(tf: TensorFlowJs, x: Tensor, window: Window): Tensor {
  const [, height = 0, width = 0] = x.shape;
  // a pooling window has no weights that could be cut, so all its taps count as live
  const all = (side: number): LiveTaps => {
    const { outputs } = liveTaps(side, window);
    const { kernel, stride, padding } = window;
    const after = Math.max(0, (outputs - 1) * stride + kernel - padding - side);
    return { first: 0, count: kernel, outputs, before: padding, after };
  };
  const [same, padded] = pad(tf, x as Tensor4D, all(height), all(width), window.stride, -3.4e38);
  return tf.maxPool(padded, window.kernel, window.stride, same ? 'same' : 'valid');
}

/** One output pixel that sees the whole map: [B, H·W·in] × [H·W·in, out]. */
function mapProduct(tf: TensorFlowJs, x: Tensor, filter: Tensor4D): Tensor {
  const [rows, columns, input, out] = filter.shape;
  const flat = rows * columns * input;
  const product = tf.matMul(tf.reshape(x, [-1, flat]) as Tensor2D, tf.reshape(filter, [flat, out]) as Tensor2D); // [B, out]
  return tf.reshape(product, [-1, 1, 1, out]);
}

/**
 * A zero-padded 3×3 convolution on a 2×2 map is, in each direction, the product of a 2×2 Toeplitz matrix with the pixels,
 * and that needs three multiplications, not four (Winograd 1980; Lavin & Gray 2015):
 *
 *     y0 = m1 + m2,  y1 = m1 + m3   with   m1 = (x0 + x1)·w1,  m2 = x1·(w2 − w1),  m3 = x0·(w0 − w1)
 *
 * In both directions nine matrix products [B, in] × [in, out] in place of the 36 of the padded windows. The transforms are
 * sums and differences only, so no precision is lost.
 */
function smallMap(tf: TensorFlowJs, x: Tensor, filter: Tensor4D): Tensor {
  const [, , input, out] = filter.shape;
  const batch = x.shape[0] ?? 0;
  const byPixel = tf.transpose(tf.reshape(x, [batch, 4, input]), [1, 0, 2]); // [4, B, in]
  const pixels = transform(tf, PIXELS, byPixel); // [9, B, in]
  const weights = transform(tf, WEIGHTS, tf.reshape(filter, [9, input, out])); // [9, in, out]
  const products = tf.matMul(pixels, weights); // [9, B, out]
  const outputs = transform(tf, OUTPUTS, products); // [4, B, out]
  return tf.reshape(tf.transpose(outputs, [1, 0, 2]), [batch, 2, 2, out]);
}

/** A constant matrix times the leading dimension of a tensor: [m, n] × [n, a, b] → [m, a, b]. */
function transform(tf: TensorFlowJs, matrix: readonly number[][], tensor: Tensor): Tensor3D {
  const [n = 0, a = 0, b = 0] = tensor.shape;
  const rows = tf.matMul(tf.tensor2d(matrix as number[][]), tf.reshape(tensor, [n, a * b]) as Tensor2D);
  return tf.reshape(rows, [matrix.length, a, b]);
}

/** The three transforms of `smallMap`, from one direction to both. */
const PIXELS = kronecker([
  [1, 1],
  [0, 1],
  [1, 0],
]);
const WEIGHTS = kronecker([
  [0, 1, 0],
  [0, -1, 1],
  [1, -1, 0],
]);
const OUTPUTS = kronecker([
  [1, 1, 0],
  [1, 0, 1],
]);

/** The Kronecker product of a matrix with itself. */
function kronecker(matrix: readonly number[][]): number[][] {
  return matrix.flatMap((top) => matrix.map((bottom) => top.flatMap((a) => bottom.map((b) => a * b))));
}

/**
 * SAME where it means the same, else the padding written out before a VALID window: the input gradient of a convolution
 * with EXPLICIT padding is ~18 times slower on the CPU (1,097 against 60 ms a step, measured).
 *
 * SAME puts the odd row of an even side behind, PyTorch in front, so they differ for stride 2 on even sides.
 */
function pad(
  tf: TensorFlowJs,
  x: Tensor4D,
  rows: LiveTaps,
  columns: LiveTaps,
  stride: number,
  value: number,
): [same: boolean, padded: Tensor4D] {
  const [, height, width] = x.shape;
  if (isSame(height, rows, stride) && isSame(width, columns, stride)) return [true, x];
  const borders: [number, number][] = [
    [0, 0],
    [rows.before, rows.after],
    [columns.before, columns.after],
    [0, 0],
  ];
  const padded = borders.flat().some((border) => border > 0);
  return [false, padded ? tf.pad(x, borders, value) : x];
}

/** Whether TensorFlow's SAME pads this side just so. */
function isSame(side: number, { count, outputs, before, after }: LiveTaps, stride: number): boolean {
  const total = Math.max(0, (Math.ceil(side / stride) - 1) * stride + count - side);
  return outputs === Math.ceil(side / stride) && total === before + after && Math.floor(total / 2) === before;
}
