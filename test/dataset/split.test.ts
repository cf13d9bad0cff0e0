/** Tests of splitting training images into training and validation images. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadDataset } from '../../src/dataset/source.ts';
import { limitTo, splitTrainValidation } from '../../src/dataset/split.ts';

const labelsOf = (classes: number) => fc.uint8Array({ min: 0, max: classes - 1, minLength: 2, maxLength: 200 });

describe('splitTrainValidation', () => {
  test('splits MNIST by class, with the same result in every version', () => {
    const { labels } = loadDataset('train');
    const { train, validation } = splitTrainValidation(labels, 5000, 42);
    const digits = Array.from({ length: 10 }, (_, digit) => validation.filter((i) => labels[i] === digit).length);
    expect(digits).toEqual([494, 562, 496, 511, 487, 452, 493, 522, 487, 496]);
    expect(train.length).toBe(55_000);
    expect([...validation.subarray(0, 8)]).toEqual([27, 28, 36, 63, 86, 94, 98, 99]);
  });

  test('puts every image into one part, in ascending order, with the given number of validation images', () => {
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

  test('gives each class its exact fraction, rounded down or up', () => {
    fc.assert(
      fc.property(labelsOf(4), fc.nat(), (labels, nth) => {
        const size = 1 + (nth % (labels.length - 1));
        const { validation } = splitTrainValidation(labels, size, 1);
        for (let label = 0; label < 4; label++) {
          const exact = (labels.filter((each) => each === label).length * size) / labels.length;
          const count = validation.filter((index) => labels[index] === label).length;
          expect(Math.abs(count - exact)).toBeLessThan(1);
        }
      }),
    );
  });

  test('gives the same split for the same seed and another for another seed', () => {
    const labels = new Uint8Array(1000).map((_, i) => i % 10);
    const split = splitTrainValidation(labels, 100, 7);
    expect(splitTrainValidation(labels, 100, 7)).toEqual(split);
    expect(splitTrainValidation(labels, 100, 8)).not.toEqual(split);
  });

  test('refuses a number of validation images that leaves one part empty (exit 2)', () => {
    const labels = new Uint8Array(10);
    expect(splitTrainValidation(labels, 9, 0).train.length).toBe(1);
    for (const size of [0, -1, 10, 11, 2.5, Number.NaN]) {
      expect(() => splitTrainValidation(labels, size, 0)).toThrow(
        expect.objectContaining({
          code: 2,
          message: `--val-size must be a whole number from 1 to 9, got ${size}: of 10 training images at least one must be left`,
        }),
      );
    }
  });
});

describe('limitTo', () => {
  const labels = new Uint8Array(1000).map((_, i) => (i < 900 ? 0 : 1));
  const even = Int32Array.from({ length: 500 }, (_, i) => 2 * i);

  test('keeps the given number of images, with each class by its fraction', () => {
    const kept = limitTo(even, labels, 50, 3);
    expect(kept.length).toBe(50);
    expect(new Set(kept).size).toBe(50);
    expect([...kept].every((index) => even.includes(index))).toBe(true);
    expect(kept.filter((index) => labels[index] === 1).length).toBe(5);
    expect([...kept]).toEqual([...kept].sort((a, b) => a - b));
  });

  test('keeps the same images for the same seed and others for another seed', () => {
    expect(limitTo(even, labels, 50, 3)).toEqual(limitTo(even, labels, 50, 3));
    expect(limitTo(even, labels, 50, 3)).not.toEqual(limitTo(even, labels, 50, 4));
  });

  test('keeps all images if the limit exceeds their number', () => {
    expect(limitTo(even, labels, 500, 3)).toEqual(even);
    expect(limitTo(even, labels, 1e9, 3)).toEqual(even);
  });
});
