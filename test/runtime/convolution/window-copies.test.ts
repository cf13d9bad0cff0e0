import { describe, expect, test } from '@jest/globals';
import { convolutionCopies, maxPoolCopy } from '../../../src/runtime/convolution/window-copies.ts';

const sevenBySeven = { kernel: 7, stride: 2, padding: 3 };
const threeByThree = { kernel: 3, stride: 1, padding: 1 };
const pool = { kernel: 3, stride: 2, padding: 1 };

describe('a convolution copies', () => {
  test.each([
    ['a map padded for PyTorch’s stride 2 on an even side', [1, 28, 28], sevenBySeven, 33 * 33],
    ['nothing where SAME is PyTorch’s padding', [2, 9, 9], threeByThree, 0],
    ['nothing where one output sees the whole map', [2, 2, 2], { ...threeByThree, stride: 2 }, 0],
    ['a map that is even in one direction only', [2, 8, 9], { ...threeByThree, stride: 2 }, 2 * 9 * 11],
    ['the pixels that a 1×1 kernel with a stride meets', [2, 4, 4], { kernel: 1, stride: 2, padding: 0 }, 2 * 2 * 2],
  ])('%s', (_, map, window, ofImage) => {
    expect(convolutionCopies(map, 3, window)).toEqual({ ofImage, ofFilter: 0 });
  });

  test('what each of a few outputs meets: of 4 pixels the first of two windows meets 2, the second 3', () => {
    const met = 5 * 5;
    const copies = convolutionCopies([2, 4, 4], 3, { ...threeByThree, stride: 2 });
    const allTaps = 3 * 3; // the last output meets them all, and takes the filter itself
    expect(copies).toEqual({ ofImage: met * 2, ofFilter: (met - allTaps) * 2 * 3 });
  });

  test('a map of 4×4 pixels and its filter for each of 6×6 products', () => {
    expect(convolutionCopies([5, 4, 4], 3, threeByThree)).toEqual({ ofImage: 36 * 5, ofFilter: 36 * 5 * 3 });
  });

  test('a small map and its filter nine times over', () => {
    expect(convolutionCopies([5, 2, 2], 3, threeByThree)).toEqual({ ofImage: 9 * 5, ofFilter: 9 * 5 * 3 });
  });
});

test('a pool copies the map that it pads for PyTorch’s stride 2 on an even side', () => {
  expect(maxPoolCopy([2, 14, 14], pool)).toBe(2 * 15 * 15);
  expect(maxPoolCopy([2, 7, 7], pool)).toBe(0);
});
