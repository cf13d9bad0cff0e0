/** Tests of convolution and max pooling against the definition, and of the choice of a convolution's form. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { convolution, convolutionForm, maxPool } from '../../../src/runtime/convolution/convolution.ts';
import { liveTaps, type Window } from '../../../src/runtime/convolution/window-geometry.ts';
import { openRuntime, type Runtime } from '../../../src/runtime/open.ts';
import type { Tensor, Tensor4D } from '../../../src/runtime/tensor.ts';
import { describeWithTensorFlow } from '../../support/runtimes.ts';
import { expectClose, randomTensor } from '../../support/tensors.ts';

const windows = [1, 3, 7].flatMap((kernel) => [1, 2].map((stride) => ({ kernel, stride, padding: (kernel - 1) / 2 })));

describe('convolutionForm', () => {
  test.each([
    ['conv2d', 28, 7, 2],
    ['conv2d', 9, 3, 1],
    ['smallMap', 8, 3, 1],
    ['smallMap', 7, 3, 1],
    ['smallMap', 4, 3, 1],
    ['smallMap', 2, 3, 1],
    ['conv2d', 7, 3, 2],
    ['productPerOutput', 6, 3, 2], // nine outputs
    ['productPerOutput', 2, 3, 2], // one output sees all four pixels
    ['productPerOutput', 1, 3, 1],
    ['productOfPixels', 7, 1, 2],
    ['productOfPixels', 1, 1, 2],
  ] as const)('chooses %s on %i pixels with kernel %i and stride %i', (form, side, kernel, stride) => {
    expect(convolutionForm([side, side, 64, 64], { kernel, stride, padding: (kernel - 1) / 2 })).toBe(form);
  });
});

test('convolutionForm chooses conv2d for a small map whose products would have too many weights', () => {
  const window = { kernel: 3, stride: 1, padding: 1 };
  expect(convolutionForm([7, 7, 256, 256], window)).toBe('smallMap'); // 121 products: 32 MB
  expect(convolutionForm([7, 7, 512, 512], window)).toBe('conv2d'); // 127 MB
});

describe('liveTaps', () => {
  test.each([
    [1, 3, 1, 1, 1],
    [2, 3, 1, 0, 3],
    [2, 3, 2, 1, 2],
    [1, 7, 2, 3, 1],
    [28, 7, 2, 0, 7],
  ])(
    'on %i pixels, for kernel %i and stride %i, begin at tap %i and number %i',
    (side, kernel, stride, first, count) => {
      expect(liveTaps(side, { kernel, stride, padding: (kernel - 1) / 2 })).toMatchObject({ first, count });
    },
  );
});

function testConvolutions(backend: 'tensorflow' | 'wasm'): void {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend });
    runtime.tf.engine().startScope();
  });
  afterAll(() => runtime.tf.engine().endScope());

  /** Compares values and gradients with a convolution that pads with zeros all around, then takes every window. */
  function expectEqualToDefinition(shape: [number, number, number, number], out: number, window: Window): void {
    const { tf } = runtime;
    const [, height, width, input] = shape;
    const x = randomTensor(tf, shape, height);
    const filter = randomTensor(tf, [window.kernel, window.kernel, input, out], 1);
    const border: [number, number] = [window.padding, window.padding];
    const defined = (image: Tensor, weights: Tensor): Tensor => {
      const padded = tf.pad(image, [[0, 0], border, border, [0, 0]]) as Tensor4D;
      return tf.conv2d(padded, weights as Tensor4D, window.stride, 'valid');
    };
    const [rows, columns] = [liveTaps(height, window), liveTaps(width, window)];
    const ours = (image: Tensor, weights: Tensor): Tensor => {
      const live = tf.slice(weights, [rows.first, columns.first, 0, 0], [rows.count, columns.count, input, out]);
      return convolution(tf, image, live, window);
    };
    const dy = randomTensor(tf, defined(x, filter).shape, 77) as never;
    expectClose(ours(x, filter), defined(x, filter));
    const [dx, dFilter] = tf.grads(defined as never)([x, filter], dy) as [Tensor, Tensor];
    const [ourDx, ourDFilter] = tf.grads(ours as never)([x, filter], dy) as [Tensor, Tensor];
    expectClose(ourDx, dx);
    expectClose(ourDFilter, dFilter); // both are exactly zero in dead taps
  }

  test.each(windows)('convolution $kernel×$kernel/$stride equals the definition on 1 to 33 pixels', (window) => {
    const squares = Array.from({ length: 33 }, (_, index) => [index + 1, index + 1]);
    for (const [height = 0, width = 0] of [...squares, [3, 8], [2, 1], [1, 2], [7, 4], [2, 5]]) {
      runtime.tf.tidy(() => expectEqualToDefinition([2, height, width, 2], 3, window));
    }
  });

  test.each([
    [7, 64, 64, 1],
    [4, 128, 128, 1],
    [4, 128, 256, 2],
    [3, 128, 128, 1],
    [2, 256, 256, 1],
  ])(
    'convolution on %i pixels from %i to %i channels with stride %i is as precise as the definition',
    (side, input, out, stride) => {
      runtime.tf.tidy(() => expectEqualToDefinition([16, side, side, input], out, { kernel: 3, stride, padding: 1 }));
    },
  );

  test('a window that meets only padding gives zero', () => {
    runtime.tf.tidy(() => expectEqualToDefinition([2, 2, 2, 2], 3, { kernel: 1, stride: 2, padding: 1 }));
  });

  test('padding is never the maximum of max pooling, also among negative values', () => {
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
}

describeWithTensorFlow('on TensorFlow', () => testConvolutions('tensorflow'));
describe('on WebAssembly', () => testConvolutions('wasm'));
