/** The portable backend: TensorFlow.js on WebAssembly, one thread. Correct everywhere, slow everywhere. */
import { createRequire } from 'node:module';
import type { Tensor, Tensor2D, TensorFlowJs } from './tensor.ts';

const require = createRequire(import.meta.url);

/** Load TensorFlow.js on WebAssembly and supply the one kernel that training a convolution needs and it lacks. */
export async function loadWasm(): Promise<TensorFlowJs> {
  const tf: TensorFlowJs = require('@tensorflow/tfjs');
  require('@tensorflow/tfjs-backend-wasm');
  registerFilterGradient(tf);
  // It announces its SIMD build on standard error through console.warn at every start.
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
 * `Conv2DBackpropFilter` as one matrix product a tap: dW[i, j] = (x shifted by the tap, strided)ᵀ · dy, where both are
 * seen as [batch · height' · width', channels].
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
      const { x, dy } = inputs as unknown as { x: Tensor; dy: Tensor }; // the engine hands over its tensors themselves
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
        ]);
        const dyRows = tf.reshape(dy, [-1, info.outChannels]) as Tensor2D; // [B·H'·W', out]
        const taps: Tensor[] = [];
        for (let row = 0; row < info.filterHeight; row++) {
          for (let column = 0; column < info.filterWidth; column++) {
            const end = [
              row + (info.outHeight - 1) * info.strideHeight + 1,
              column + (info.outWidth - 1) * info.strideWidth + 1,
            ];
            const window = tf.stridedSlice(
              padded,
              [0, row, column, 0],
              [info.batchSize, end[0] ?? 0, end[1] ?? 0, info.inChannels],
              [1, info.strideHeight, info.strideWidth, 1],
            ); // [B, H', W', in]
            taps.push(tf.matMul(tf.reshape(window, [-1, info.inChannels]) as Tensor2D, dyRows, true)); // [in, out]
          }
        }
        return tf.reshape(tf.stack(taps), filterShape); // [kernel, kernel, in, out]
      });
    },
  });
}
