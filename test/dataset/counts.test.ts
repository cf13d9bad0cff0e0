/** Tests of the counts that a run prints before it trains. */
import { expect, test } from '@jest/globals';
import { classSizes, duplicatesIn, unequalClasses } from '../../src/dataset/counts.ts';

test('classSizes counts the given images alone, and a class without one as 0', () => {
  const labels = Uint8Array.of(0, 0, 0, 1, 1, 2);
  expect(classSizes({ labels, classes: 3 }, Int32Array.of(0, 1, 2, 3, 5))).toEqual([1, 3]);
  expect(classSizes({ labels, classes: 4 }, Int32Array.of(0, 3, 4, 5))).toEqual([0, 2]);
});

test('duplicatesIn counts each image that equals an earlier one', () => {
  expect(duplicatesIn({ twins: Int32Array.of(0, 1, 0, 0, 1) })).toBe(3);
  expect(duplicatesIn({})).toBe(0);
});

test('unequalClasses names the smallest class that has images, and the largest, from ten times as many on', () => {
  expect(unequalClasses([0, 30, 3, 29, 30])).toEqual({
    smallest: { label: 2, images: 3 },
    largest: { label: 1, images: 30 },
  });
  expect(unequalClasses([0, 29, 3])).toBeUndefined();
  expect(unequalClasses([0, 0])).toBeUndefined();
  expect(unequalClasses([5])).toBeUndefined();
});
