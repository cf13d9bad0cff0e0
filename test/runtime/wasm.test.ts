/** Tests of the portable backend on WebAssembly. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import type { Tensor, Tensor4D } from '../../src/runtime/tensor.ts';
import { randomTensor, relativeError } from '../support/tensors.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await openRuntime({ backend: 'wasm' });
});

test('cross-entropy on WebAssembly is −log of the softmax of the label’s class', () => {
  const { tf, ops } = runtime;
  const losses = tf.tidy(() =>
    ops
      .softmaxCrossEntropy(
        tf.tensor2d([
          [1, 2, 3],
          [0, 0, 0],
        ]),
        tf.tensor1d([0, 2], 'int32'),
      )
      .dataSync(),
  );
  expect(losses[0]).toBeCloseTo(Math.log(Math.E + Math.E ** 2 + Math.E ** 3) - 1, 5);
  expect(losses[1]).toBeCloseTo(Math.log(3), 5);
});

describe('the filter gradient on WebAssembly', () => {
  /**
   * dW by its definition in double precision: each output's gradient times the pixel at each position of the kernel.
   */
  function expectedGradient(x: Tensor, dy: Tensor, kernel: number, stride: number, padding: number): number[] {
    const [batch = 0, height = 0, width = 0, input = 0] = x.shape;
    const [, rows = 0, columns = 0, output = 0] = dy.shape;
    const [pixels, gradients] = [x.dataSync(), dy.dataSync()];
    const result = new Array<number>(kernel * kernel * input * output).fill(0);
    for (let b = 0; b < batch; b++)
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++)
          for (let i = 0; i < kernel; i++)
            for (let j = 0; j < kernel; j++) {
              const [y, z] = [r * stride + i - padding, c * stride + j - padding];
              if (y < 0 || z < 0 || y >= height || z >= width) continue;
              for (let from = 0; from < input; from++)
                for (let to = 0; to < output; to++) {
                  const at = ((i * kernel + j) * input + from) * output + to;
                  const pixel = pixels[((b * height + y) * width + z) * input + from] as number;
                  result[at] =
                    (result[at] as number) +
                    pixel * (gradients[((b * rows + r) * columns + c) * output + to] as number);
                }
            }
    return result;
  }

  test.each([
    { kernel: 1, stride: 2, side: 7 },
    { kernel: 3, stride: 1, side: 1 },
    { kernel: 3, stride: 1, side: 5 },
    { kernel: 3, stride: 2, side: 8 },
    { kernel: 7, stride: 2, side: 14 },
  ])('equals the definition for $kernel×$kernel/$stride on $side pixels', ({ kernel, stride, side }) => {
    const { tf } = runtime;
    tf.tidy(() => {
      const padding = (kernel - 1) / 2;
      const x = randomTensor(tf, [2, side, side + 2, 3], 1);
      const filter = randomTensor(tf, [kernel, kernel, 3, 4], 2);
      const run = (weights: Tensor) => tf.conv2d(x as Tensor4D, weights as Tensor4D, stride, padding);
      const dy = randomTensor(tf, run(filter).shape, 3);
      const gradient = tf.grad(run as never)(filter, dy as never);
      expect(gradient.shape).toEqual(filter.shape);
      expect(relativeError(gradient.dataSync(), expectedGradient(x, dy, kernel, stride, padding))).toBeLessThan(1e-5);
    });
  });
});
