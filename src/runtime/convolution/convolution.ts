/** Convolution and max pooling with PyTorch's padding; each convolution takes the form that is fastest for its map. */

import type { Tensor, Tensor4D, TensorFlowJs } from '../tensor.ts';
import { productOfPixels, productPerOutput } from './products.ts';
import { smallMap, smallMapByTaps, smallMapProducts, smallMapTaps } from './small-map.ts';
import { liveTaps, type Window, windowOutputs } from './window-geometry.ts';
import { convolutionPadding, isExplicit, type Padding, poolPadding } from './window-padding.ts';

/**
 * How a convolution is computed; all forms give the same values up to rounding.
 *
 * - `conv2d`: TensorFlow's own convolution.
 * - `productOfPixels`: one matrix product for all pixels, for 1×1 kernels (`products.ts`).
 * - `productPerOutput`: one matrix product for each output pixel, for few output pixels (`products.ts`).
 * - `smallMap`: Winograd's algorithm over the whole map (`small-map.ts`).
 */
type ConvolutionForm = 'conv2d' | 'productOfPixels' | 'productPerOutput' | 'smallMap';

/**
 * Largest height and width of a small map. On larger maps Winograd's transforms take more time than its products save:
 * on 14×14 pixels the forward pass is slower.
 */
const MAX_SMALL_MAP_SIDE_PIXELS = 8;

/** Most transformed weights of a small map. They are kept until the backward pass, and take 40 MB at most. */
const MAX_SMALL_MAP_WEIGHTS = 10_000_000;

/**
 * Most output pixels that are computed by one product each. For a 3×3 convolution with stride 2 from 64 to 128
 * channels, forward and backward, 9 products (on 6×6 pixels) took 4.9 ms and conv2d 6.5 ms; 16 products (on 7×7) 9.1
 * and 7.0 ms.
 */
const MAX_OUTPUT_PRODUCTS = 9;

/** Padding of max pooling: nearly the lowest float32, so that it never exceeds a pixel. */
const POOL_PADDING_VALUE = -3.4e38;

/**
 * Chooses the form of a convolution.
 *
 * Measured for a training step of ResNet-18 on 128 images of 28×28 pixels, on 2 cores without AVX-512: 91.5 ms. With
 * conv2d for the 1×1 kernels it took 93.8 ms, for the convolution from 4×4 to 2×2 pixels 98.4 ms, for the maps of 7×7
 * pixels 104.0 ms, for those of 7×7 and 4×4 pixels 121.4 ms.
 *
 * @param map [height, width, input channels, output channels]
 */
export function convolutionForm(map: readonly [number, number, number, number], window: Window): ConvolutionForm {
  const [height, width, input, out] = map;
  const { kernel, stride, padding } = window;
  if (kernel === 1 && padding === 0) return 'productOfPixels';
  const isSmall = [height, width].every((side) => side >= 2 && side <= MAX_SMALL_MAP_SIDE_PIXELS);
  if (isSmall && kernel === 3 && stride === 1 && padding === 1) {
    if (smallMapProducts(height, width) * input * out <= MAX_SMALL_MAP_WEIGHTS) return 'smallMap';
  }
  const outputs = windowOutputs(height, window) * windowOutputs(width, window);
  const everyWindowMeetsPixels = padding < kernel;
  return outputs <= MAX_OUTPUT_PRODUCTS && everyWindowMeetsPixels ? 'productPerOutput' : 'conv2d';
}

/**
 * 2-D convolution without bias, with PyTorch's zero padding.
 *
 * @param x [batch, height, width, in]
 * @param filter the kernel's live taps (see `window-geometry.ts`) [live rows, live columns, in, out]
 * @returns [batch, height', width', out] with height' = ⌊(height + 2·padding − kernel) / stride⌋ + 1, width' likewise
 */
export function convolution(tf: TensorFlowJs, x: Tensor, filter: Tensor, window: Window): Tensor {
  const [, height = 0, width = 0] = x.shape;
  const [rows, columns] = [liveTaps(height, window), liveTaps(width, window)];
  switch (formOf(x, filter, window)) {
    case 'productOfPixels':
      return productOfPixels(tf, x, filter as Tensor4D, window.stride);
    case 'productPerOutput':
      return productPerOutput(tf, x, filter as Tensor4D, { rows, columns }, window.stride);
    case 'smallMap':
      return smallMap(tf, x, filter as Tensor4D);
    case 'conv2d': {
      const padding = convolutionPadding(height, width, window);
      return tf.conv2d(pad(tf, x, padding, 0), filter as Tensor4D, window.stride, padding.same ? 'same' : 'valid');
    }
  }
}

/**
 * What a convolution multiplies by: all that depends on its kernel alone, so that it can be kept where the kernel stays.
 *
 * @param x a tensor of the shape of the convolution's input
 * @param filter as in `convolution`
 */
export function fixedKernel(tf: TensorFlowJs, x: Tensor, filter: Tensor, window: Window): Tensor {
  return formOf(x, filter, window) === 'smallMap' ? smallMapTaps(tf, x, filter) : filter;
}

/**
 * `convolution` by a kernel that stays.
 *
 * @param kernel from `fixedKernel`; has no gradient
 */
export function fixedConvolution(tf: TensorFlowJs, x: Tensor, kernel: Tensor, window: Window): Tensor {
  return formOf(x, kernel, window) === 'smallMap' ? smallMapByTaps(tf, x, kernel) : convolution(tf, x, kernel, window);
}

/** @param filter its last dimension are the output channels */
function formOf(x: Tensor, filter: Tensor, window: Window): ConvolutionForm {
  const [, height = 0, width = 0, input = 0] = x.shape;
  return convolutionForm([height, width, input, filter.shape[3] ?? 0], window);
}

/**
 * 2-D max pooling with PyTorch's padding, which is never the maximum.
 *
 * @param x [batch, height, width, channels]
 * @returns [batch, height', width', channels] with height' and width' as in `convolution`
 */
export function maxPool(tf: TensorFlowJs, x: Tensor, window: Window): Tensor {
  const [, height = 0, width = 0] = x.shape;
  const padding = poolPadding(height, width, window);
  const padded = pad(tf, x, padding, POOL_PADDING_VALUE);
  return tf.maxPool(padded, window.kernel, window.stride, padding.same ? 'same' : 'valid');
}

/** The map with explicit padding around it; the map itself if it needs none. */
function pad(tf: TensorFlowJs, x: Tensor, padding: Padding, value: number): Tensor4D {
  if (!isExplicit(padding)) return x as Tensor4D;
  const { rows, columns } = padding;
  return tf.pad(x as Tensor4D, [[0, 0], [...rows], [...columns], [0, 0]], value); // [B, padded H, padded W, C]
}
