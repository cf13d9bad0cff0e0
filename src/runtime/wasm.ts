/** Loads the portable backend: TensorFlow.js on WebAssembly, with one thread. It runs on every platform, but slowly. */
import { createRequire } from 'node:module';
import type { Tensor, Tensor2D, TensorFlowJs } from './tensor.ts';

const require = createRequire(import.meta.url);

/** Loads TensorFlow.js on WebAssembly and registers the one kernel that training needs and the backend lacks. */
export async function loadWasm(): Promise<TensorFlowJs> {
  const tf: TensorFlowJs = require('@tensorflow/tfjs');
  require('@tensorflow/tfjs-backend-wasm');
  registerFilterGradient(tf);
  // The backend announces its SIMD build through console.warn at every start.
  const { warn } = console;
  console.warn = () => {};
  try {
    await tf.setBackend('wasm');
    await tf.ready();
  } finally {
    console.warn = warn;
  }
  return tf;
}

/**
 * Registers `Conv2DBackpropFilter`, the gradient of a convolution's kernel W, as one matrix product for each position
 * (i, j) in the kernel: dW[i, j] = xᵢⱼᵀ · dy. Here xᵢⱼ are the input pixels that position (i, j) meets, one for each
 * output pixel; both matrices have the shape [batch · height' · width', channels].
 */
function registerFilterGradient(tf: TensorFlowJs): void {
  const kernelName = 'Conv2DBackpropFilter';
  if (tf.getKernel(kernelName, 'wasm')) return;
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { strides, pad, filterShape } = attrs as unknown as {
        strides: number | [number, number];
        pad: 'same' | 'valid' | number;
        filterShape: [number, number, number, number];
      };
      const { x, dy } = inputs as unknown as { x: Tensor; dy: Tensor }; // TensorFlow.js passes whole tensors
      const { padInfo, ...info } = tf.backend_util.computeConv2DInfo(
        x.shape as [number, number, number, number],
        filterShape,
        strides,
        1,
        pad,
      );
      return tf.tidy(() => {
        const padded = tf.pad(x, [
          [0, 0],
          [padInfo.top, padInfo.bottom],
          [padInfo.left, padInfo.right],
          [0, 0],
        ]); // [B, top + H + bottom, left + W + right, in]
        const dyRows = tf.reshape(dy, [-1, info.outChannels]) as Tensor2D; // [B·H'·W', out]
        const gradients: Tensor[] = [];
        for (let row = 0; row < info.filterHeight; row++) {
          for (let column = 0; column < info.filterWidth; column++) {
            const end = [
              row + (info.outHeight - 1) * info.strideHeight + 1,
              column + (info.outWidth - 1) * info.strideWidth + 1,
            ];
            // The copy of the pixels is disposed of at once: those of all positions together would take more memory than
            // all else that a step takes.
            const gradient = tf.tidy(() => {
              const pixels = tf.stridedSlice(
                padded,
                [0, row, column, 0],
                [info.batchSize, end[0] ?? 0, end[1] ?? 0, info.inChannels],
                [1, info.strideHeight, info.strideWidth, 1],
              ); // [B, H', W', in]
              return tf.matMul(tf.reshape(pixels, [-1, info.inChannels]) as Tensor2D, dyRows, true); // [in, out]
            });
            gradients.push(gradient);
          }
        }
        return tf.reshape(tf.stack(gradients), filterShape); // [kernel, kernel, in, out]
      });
    },
  });
}
