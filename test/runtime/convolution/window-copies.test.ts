/** Tests of the sizes of the copies that convolution and pooling make. */
import { describe, expect, test } from '@jest/globals';
import { convolutionCopies, maxPoolCopy } from '../../../src/runtime/convolution/window-copies.ts';

const sevenBySeven = { kernel: 7, stride: 2, padding: 3 };
const threeByThree = { kernel: 3, stride: 1, padding: 1 };
const pool = { kernel: 3, stride: 2, padding: 1 };

describe('convolutionCopies', () => {
  test.each([
    ['a map padded for PyTorch’s stride 2 on an even side', [1, 28, 28], sevenBySeven, 33 * 33],
    ['nothing if SAME equals PyTorch’s padding', [2, 9, 9], threeByThree, 0],
    ['nothing if one output meets the whole map', [2, 2, 2], { ...threeByThree, stride: 2 }, 0],
    ['a map with one even side', [2, 8, 9], { ...threeByThree, stride: 2 }, 2 * 9 * 11],
    ['the pixels that a 1×1 kernel with stride 2 meets', [2, 4, 4], { kernel: 1, stride: 2, padding: 0 }, 2 * 2 * 2],
  ])('counts %s', (_, map, window, ofImage) => {
    const copies = convolutionCopies(map, 3, window);
    expect(copies).toEqual({ ofImage, ofFilter: 0, readsImage: ofImage === 0, readsFilter: true });
  });

  test('counts the slices of a product for each output', () => {
    const met = 5 * 5; // on 4 pixels the first of two windows meets 2, the second 3
    const copies = convolutionCopies([2, 4, 4], 3, { ...threeByThree, stride: 2 });
    const allTaps = 3 * 3; // the last output meets all taps and takes the filter itself
    expect(copies).toMatchObject({ ofImage: met * 2, ofFilter: (met - allTaps) * 2 * 3 });
    expect(copies).toMatchObject({ readsImage: false, readsFilter: true });
  });

  test('tells that the map itself is read beside its slices where one window of several meets it all', () => {
    const met = 4 + 5 + 4; // on 5 pixels the second of three windows meets all
    const copies = convolutionCopies([1, 5, 5], 3, sevenBySeven);
    expect(copies).toMatchObject({ ofImage: met ** 2 - 5 ** 2, readsImage: true });
  });

  test('counts a small map of 4×4 pixels and its filter 36 times, once for each product', () => {
    expect(convolutionCopies([5, 4, 4], 3, threeByThree)).toEqual({
      ofImage: 36 * 5,
      ofFilter: 36 * 5 * 3,
      readsImage: false,
      readsFilter: false,
    });
  });

  test('counts a small map of 2×2 pixels and its filter 9 times, once for each product', () => {
    expect(convolutionCopies([5, 2, 2], 3, threeByThree)).toEqual({
      ofImage: 9 * 5,
      ofFilter: 9 * 5 * 3,
      readsImage: false,
      readsFilter: false,
    });
  });
});

test('maxPoolCopy counts the map that is padded for PyTorch’s stride 2 on an even side', () => {
  expect(maxPoolCopy([2, 14, 14], pool)).toBe(2 * 15 * 15);
  expect(maxPoolCopy([2, 7, 7], pool)).toBe(0);
});
