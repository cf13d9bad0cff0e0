import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ConvolutionSizes, hwioToOihw, oihwToHwio } from '../../src/checkpoint/layout.ts';

const size = fc.integer({ min: 1, max: 20 });
const tap = fc.integer({ min: 1, max: 3 });
const sizes: fc.Arbitrary<ConvolutionSizes> = fc.tuple(size, size, tap, tap);

function ascending(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => i);
}

describe('a convolution', () => {
  test('of PyTorch [o, i, h, w] has each value at [h, w, i, o] of TensorFlow', () => {
    fc.assert(
      fc.property(sizes, ([out, input, height, width]) => {
        const oihw = ascending(out * input * height * width);
        const hwio = oihwToHwio(oihw, [out, input, height, width]);
        let next = 0;
        for (let h = 0; h < height; h++)
          for (let w = 0; w < width; w++)
            for (let i = 0; i < input; i++)
              for (let o = 0; o < out; o++)
                if (hwio[next++] !== ((o * input + i) * height + h) * width + w) throw new Error(`at ${[o, i, h, w]}`);
      }),
    );
  });

  test('goes there and back unchanged', () => {
    fc.assert(
      fc.property(sizes, (each) => {
        const data = ascending(each.reduce((a, b) => a * b));
        expect(hwioToOihw(oihwToHwio(data, each), each)).toEqual(data);
      }),
    );
  });
});

test("a dense layer's [out, in] becomes [in, out]", () => {
  expect([...oihwToHwio(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3, 1, 1])]).toEqual([1, 4, 2, 5, 3, 6]);
});
