/** Convolution and pooling with PyTorch's paddings, each computed in the form that is fastest for its map. */

import type { Tensor, Tensor4D, TensorFlowJs } from '../tensor.ts';
import { productOfPixels, productPerOutput } from './products.ts';
import { smallMap, smallMapProducts } from './small-map.ts';
import { liveTaps, type Window, windowOutputs } from './window-geometry.ts';
import { convolutionPadding, isWrittenOut, type Padding, poolPadding } from './window-padding.ts';

/** How a convolution is computed: by TensorFlow's own windows, or as `products.ts` and `small-map.ts` say. All are exact. */
export type ConvolutionForm = 'windows' | 'productOfPixels' | 'productPerOutput' | 'smallMap';

/** On larger maps the transforms of a small map take more time than its products save: 14×14 pixels lose going forward. */
const LARGEST_SMALL_SIDE = 8;

/** Each product of a small map has weights of its own, which are kept until the backward pass: 40 MB at most. */
const MOST_SMALL_MAP_WEIGHTS = 10_000_000;

/** 9 products take less time than windows (64→128 3×3/2 on 6×6, both ways: 4.9 against 6.5 ms), 16 more (on 7×7: 9.1, 7.0). */
const MOST_OUTPUT_PRODUCTS = 9;

/**
 * Which form a convolution takes.
 *
 * @param map [height, width] and channels in and out
 *
 * Measured on 2 cores without AVX-512, a training step of ResNet-18 on 128 images of 28×28: 91.5 ms. With 1×1 kernels as
 * windows 93.8, with the 4×4 → 2×2 convolution as windows 98.4, with 7×7 maps as windows 104.0, with 4×4 maps too 121.4.
 */
export function convolutionForm(
  [height, width, input, out]: readonly [number, number, number, number],
  window: Window,
): ConvolutionForm {
  const { kernel, stride, padding } = window;
  if (kernel === 1 && padding === 0) return 'productOfPixels';
  const small = [height, width].every((side) => side >= 2 && side <= LARGEST_SMALL_SIDE);
  if (small && kernel === 3 && stride === 1 && padding === 1) {
    if (smallMapProducts(height, width) * input * out <= MOST_SMALL_MAP_WEIGHTS) return 'smallMap';
  }
  const outputs = windowOutputs(height, window) * windowOutputs(width, window);
  const eachMeetsPixels = padding < kernel;
  return outputs <= MOST_OUTPUT_PRODUCTS && eachMeetsPixels ? 'productPerOutput' : 'windows';
}

/**
 * 2-D convolution without bias, PyTorch's zero padding.
 *
 * @param x [batch, height, width, in]
 * @param filter the live taps only (see `liveTaps`): [live rows, live columns, in, out]
 * @returns [batch, height', width', out], height' = ⌊(height + 2·padding − kernel) / stride⌋ + 1
 */
export function convolution(tf: TensorFlowJs, x: Tensor, filter: Tensor, window: Window): Tensor {
  const [, height = 0, width = 0, input = 0] = x.shape;
  const out = filter.shape[3] ?? 0;
  const [rows, columns] = [liveTaps(height, window), liveTaps(width, window)];
  switch (convolutionForm([height, width, input, out], window)) {
    case 'productOfPixels':
      return productOfPixels(tf, x, filter as Tensor4D, window.stride);
    case 'productPerOutput':
      return productPerOutput(tf, x, filter as Tensor4D, { rows, columns }, window.stride);
    case 'smallMap':
      return smallMap(tf, x, filter as Tensor4D);
    case 'windows': {
      const padding = convolutionPadding(height, width, window);
      return tf.conv2d(pad(tf, x, padding, 0), filter as Tensor4D, window.stride, padding.same ? 'same' : 'valid');
    }
  }
}

/** Max pooling; the padding never wins, as in PyTorch. Shapes as in `convolution`, channels kept. */
export function maxPool(tf: TensorFlowJs, x: Tensor, window: Window): Tensor {
  const [, height = 0, width = 0] = x.shape;
  const padding = poolPadding(height, width, window);
  return tf.maxPool(pad(tf, x, padding, -3.4e38), window.kernel, window.stride, padding.same ? 'same' : 'valid');
}

/** The map with what is to be written out around it. */
function pad(tf: TensorFlowJs, x: Tensor, padding: Padding, value: number): Tensor4D {
  if (!isWrittenOut(padding)) return x as Tensor4D;
  return tf.pad(x as Tensor4D, [[0, 0], [...padding.rows], [...padding.columns], [0, 0]], value);
}
