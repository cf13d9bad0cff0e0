import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadDataset } from '../../src/dataset/source.ts';
import { limitTo, splitTrainValidation } from '../../src/dataset/split.ts';

const labelsOf = (classes: number) => fc.uint8Array({ min: 0, max: classes - 1, minLength: 2, maxLength: 200 });

describe('the split', () => {
  test('of MNIST gives each digit its share: this one is never to change', () => {
    const { labels } = loadDataset('train');
    const { train, validation } = splitTrainValidation(labels, 5000, 42);
    const digits = Array.from({ length: 10 }, (_, digit) => validation.filter((i) => labels[i] === digit).length);
    expect(digits).toEqual([494, 562, 496, 511, 487, 452, 493, 522, 487, 496]);
    expect(train.length).toBe(55_000);
    expect([...validation.subarray(0, 8)]).toEqual([27, 28, 36, 63, 86, 94, 98, 99]);
  });

  test('puts every image on one side, in ascending order, and the asked number on the validation side', () => {
    fc.assert(
      fc.property(labelsOf(5), fc.nat(), fc.nat(1000), (labels, nth, seed) => {
        const size = 1 + (nth % (labels.length - 1));
        const { train, validation } = splitTrainValidation(labels, size, seed);
        expect(validation.length).toBe(size);
        expect([...train, ...validation].sort((a, b) => a - b)).toEqual([...labels.keys()]);
        for (const side of [train, validation]) expect([...side]).toEqual([...side].sort((a, b) => a - b));
      }),
    );
  });

  test('gives a class its exact share, rounded down or up', () => {
    fc.assert(
      fc.property(labelsOf(4), fc.nat(), (labels, nth) => {
        const size = 1 + (nth % (labels.length - 1));
        const { validation } = splitTrainValidation(labels, size, 1);
        for (let label = 0; label < 4; label++) {
          const fraction = (labels.filter((each) => each === label).length * size) / labels.length;
          const given = validation.filter((index) => labels[index] === label).length;
          expect(Math.abs(given - fraction)).toBeLessThan(1);
        }
      }),
    );
  });

  test('depends on the seed alone', () => {
    const labels = new Uint8Array(1000).map((_, i) => i % 10);
    const split = splitTrainValidation(labels, 100, 7);
    expect(splitTrainValidation(labels, 100, 7)).toEqual(split);
    expect(splitTrainValidation(labels, 100, 8)).not.toEqual(split);
  });

  test('leaves something on each side, or is refused with exit code 2', () => {
    const labels = new Uint8Array(10);
    expect(splitTrainValidation(labels, 9, 0).train.length).toBe(1);
    for (const size of [0, -1, 10, 11, 2.5, Number.NaN]) {
      expect(() => splitTrainValidation(labels, size, 0)).toThrow(
        expect.objectContaining({
          code: 2,
          message: `--val-size must be an integer from 1 to 9, got ${size}: of 10 training images at least one must be left`,
        }),
      );
    }
  });
});

describe('a limit', () => {
  const labels = new Uint8Array(1000).map((_, i) => (i < 900 ? 0 : 1));
  const even = Int32Array.from({ length: 500 }, (_, i) => 2 * i);

  test('keeps that many of the given images, each class by its share', () => {
    const kept = limitTo(even, labels, 50, 3);
    expect(kept.length).toBe(50);
    expect(new Set(kept).size).toBe(50);
    expect([...kept].every((index) => even.includes(index))).toBe(true);
    expect(kept.filter((index) => labels[index] === 1).length).toBe(5);
    expect([...kept]).toEqual([...kept].sort((a, b) => a - b));
  });

  test('chooses by the seed', () => {
    expect(limitTo(even, labels, 50, 3)).toEqual(limitTo(even, labels, 50, 3));
    expect(limitTo(even, labels, 50, 3)).not.toEqual(limitTo(even, labels, 50, 4));
  });

  test('above the number of images keeps them all', () => {
    expect(limitTo(even, labels, 500, 3)).toEqual(even);
    expect(limitTo(even, labels, 1e9, 3)).toEqual(even);
  });
});
