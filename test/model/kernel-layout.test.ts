/** Layouts of kernels: every value moves to its place, and back. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type KeptTaps, type KernelSizes, kernelOfTaps, tapsOfKernel } from '../../src/model/kernel-layout.ts';

const size = fc.integer({ min: 1, max: 20 });
const side = fc.integer({ min: 1, max: 4 });
const sizes: fc.Arbitrary<KernelSizes> = fc.tuple(size, size, side, side);

/** A range of the taps of a side. */
const kept = (taps: number) =>
  fc
    .integer({ min: 0, max: taps - 1 })
    .chain((first) => fc.integer({ min: 1, max: taps - first }).map((count) => ({ first, count })));
const cases = sizes.chain((each) =>
  fc.tuple(fc.constant(each), fc.record({ rows: kept(each[2]), columns: kept(each[3]) })),
);

function ascending(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => i);
}

function expectTaps([out, input, height, width]: KernelSizes, { rows, columns }: KeptTaps, values: Float32Array) {
  let next = 0;
  for (let h = 0; h < rows.count; h++)
    for (let w = 0; w < columns.count; w++)
      for (let i = 0; i < input; i++)
        for (let o = 0; o < out; o++) {
          const place = ((o * input + i) * height + rows.first + h) * width + columns.first + w;
          if (values[next++] !== place) throw new Error(`at ${[o, i, h, w]}`);
        }
  expect(values.length).toBe(next);
}

describe('tapsOfKernel and kernelOfTaps', () => {
  test('move the value of each kept tap from PyTorch’s [o, i, h, w] to TensorFlow’s [h, w, i, o]', () => {
    fc.assert(
      fc.property(cases, ([each, taps]) => {
        expectTaps(each, taps, tapsOfKernel(ascending(each.reduce((a, b) => a * b)), each, taps));
      }),
    );
  });

  test('return a kernel unchanged from there and back, if the other taps come from the kernel itself', () => {
    fc.assert(
      fc.property(cases, ([each, taps]) => {
        const kernel = ascending(each.reduce((a, b) => a * b));
        const none = new Float32Array(kernel.length);
        expect(kernelOfTaps(tapsOfKernel(kernel, each), none, each)).toEqual(kernel);
        const values = tapsOfKernel(kernel, each, taps);
        expect(kernelOfTaps(values, kernel, each, taps)).toEqual(kernel);
        expect(kernelOfTaps(values, none, each, taps).reduce((sum, value) => sum + value, 0)).toBe(
          values.reduce((sum, value) => sum + value, 0),
        );
      }),
    );
  });
});

test("tapsOfKernel moves a dense layer's [out, in] to [in, out]", () => {
  expect([...tapsOfKernel(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3, 1, 1])]).toEqual([1, 4, 2, 5, 3, 6]);
});
