import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import type { Tensor, Tensor4D } from '../../src/runtime/tensor.ts';
import { convolution, maxPool } from '../../src/runtime/windows.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { expectClose, randomTensor } from '../support/tensors.ts';

const windows = [
  { kernel: 1, stride: 1, padding: 0 },
  { kernel: 1, stride: 2, padding: 0 },
  { kernel: 3, stride: 1, padding: 1 },
  { kernel: 3, stride: 2, padding: 1 },
  { kernel: 7, stride: 2, padding: 3 },
] as const;

describeWithTensorFlow('windows have PyTorch’s padding', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
    runtime.tf.engine().startScope();
  });
  afterAll(() => runtime.tf.engine().endScope());

  test.each(windows)('convolution $kernel×$kernel/$stride, on every side from 1 to 33', (window) => {
    const { tf } = runtime;
    const filter = randomTensor(tf, [window.kernel, window.kernel, 2, 3], 1);
    for (let side = 1; side <= 33; side++) {
      const x = randomTensor(tf, [2, side, side + 1, 2], side);
      // the definition: zeros all around, then every window that fits
      const border: [number, number] = [window.padding, window.padding];
      const plain = (image: Tensor, weights: Tensor) =>
        tf.conv2d(
          tf.pad(image, [[0, 0], border, border, [0, 0]]) as Tensor4D,
          weights as Tensor4D,
          window.stride,
          'valid',
        );
      const ours = (image: Tensor, weights: Tensor) => convolution(tf, image, weights, window);
      expectClose(ours(x, filter), plain(x, filter));
      const dy = randomTensor(tf, plain(x, filter).shape, 77) as never;
      const expected = tf.grads(plain as never)([x, filter], dy);
      for (const [index, gradient] of tf
        .grads(ours as never)([x, filter], dy)
        .entries()) {
        expectClose(gradient, expected[index] as Tensor);
      }
    }
  });

  test('max pooling never lets its padding win, not even over negative values', () => {
    const { tf } = runtime;
    for (let side = 1; side <= 17; side++) {
      const x = tf.sub(randomTensor(tf, [1, side, side, 1], side), 2); // all negative
      const pooled = maxPool(tf, x, { kernel: 3, stride: 2, padding: 1 });
      const values = x.dataSync();
      const outputs = Math.floor((side + 2 - 3) / 2) + 1;
      const expected: number[] = [];
      for (let row = 0; row < outputs; row++) {
        for (let column = 0; column < outputs; column++) {
          let largest = Number.NEGATIVE_INFINITY;
          for (let r = Math.max(0, 2 * row - 1); r < Math.min(side, 2 * row + 2); r++) {
            for (let c = Math.max(0, 2 * column - 1); c < Math.min(side, 2 * column + 2); c++) {
              largest = Math.max(largest, values[r * side + c] ?? largest);
            }
          }
          expected.push(largest);
        }
      }
      expect([...pooled.dataSync()]).toEqual(expected);
    }
  });
});
