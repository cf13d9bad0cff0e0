/** Tests of splitting training images into training and validation images. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadDataset } from '../../src/dataset/load.ts';
import { limitTo, splitImages } from '../../src/dataset/split.ts';

const labelsOf = (classes: number) => fc.uint8Array({ min: 0, max: classes - 1, minLength: 2, maxLength: 200 });

/** A split into images to train on and to validate with. */
function splitTrainValidation(labels: Uint8Array | Uint16Array, validationSize: number, seed: number) {
  return splitImages({ labels }, { validationSize, seed });
}

describe('splitImages, of data with a test part', () => {
  test('splits MNIST by class, with the same result in every version', async () => {
    const { labels } = await loadDataset('train');
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

describe('splitImages, of data without a test part', () => {
  const labels = Uint8Array.from({ length: 1000 }, (_, index) => (index % 10 === 0 ? 1 : 0));

  test('holds out a tenth for each, the same images for the same seed, each class by its fraction', () => {
    const {
      train,
      validation,
      test: held,
    } = splitImages({ labels, lacksTest: true }, { validationSize: 0.1, seed: 3 });
    expect([train.length, validation.length, held.length]).toEqual([800, 100, 100]);
    expect([...train, ...validation, ...held].sort((a, b) => a - b)).toEqual([...labels.keys()]);
    for (const part of [validation, held]) expect(part.filter((index) => labels[index] === 1)).toHaveLength(10);
    expect(splitImages({ labels, lacksTest: true }, { validationSize: 0.2, seed: 3 }).test).toEqual(held);
  });

  test('takes counts as well as fractions', () => {
    const sizes = { validationSize: 30, testSize: 20, seed: 0 };
    const { train, validation, test: held } = splitImages({ labels, lacksTest: true }, sizes);
    expect([train.length, validation.length, held.length]).toEqual([950, 30, 20]);
  });

  test('refuses a number of test images that leaves none to train on (exit 2)', () => {
    expect(() => splitImages({ labels, lacksTest: true }, { validationSize: 0.1, testSize: 1000, seed: 0 })).toThrow(
      expect.objectContaining({
        code: 2,
        message:
          '--test-size must be a whole number from 1 to 998, got 1000: of 1000 training images at least two must be left',
      }),
    );
  });

  test('refuses a fraction that leaves none to train on, and says how many images it is (exit 2)', () => {
    const sizes = { validationSize: 0.95, testSize: 0.1, seed: 0 };
    const message = '--val-size must be a whole number from 1 to 899, got 0.95 (950 images): of 900 training images at';
    expect(() => splitImages({ labels, lacksTest: true }, sizes)).toThrow(expect.objectContaining({ code: 2 }));
    expect(() => splitImages({ labels, lacksTest: true }, sizes)).toThrow(message);
  });

  test('keeps equal images in one part, whatever their labels are', () => {
    const shape = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 20 })), { minLength: 12, maxLength: 80 });
    fc.assert(
      fc.property(shape, fc.nat(100), (images, seed) => {
        const twins = Int32Array.from(images, ([, content]) => images.findIndex(([, other]) => other === content));
        fc.pre(new Set(twins).size >= 4);
        const data = { labels: Uint8Array.from(images, ([label]) => label), twins, lacksTest: true };
        const { train, validation, test: held } = splitImages(data, { validationSize: 0.2, testSize: 0.2, seed });
        expect([...train, ...validation, ...held].sort((a, b) => a - b)).toEqual([...images.keys()]);
        const contents = [train, validation, held].map((part) => new Set(part.map((index) => twins[index]!)));
        expect(contents.reduce((sum, { size }) => sum + size, 0)).toBe(new Set(twins).size);
        expect(contents.every(({ size }) => size > 0)).toBe(true);
      }),
    );
  });
});

test('validation images of the data’s own are used as they are', () => {
  const split = splitImages({ labels: new Uint8Array(10), givenValidation: 3 }, { validationSize: 5000, seed: 0 });
  expect([...split.validation]).toEqual([7, 8, 9]);
  expect([...split.train]).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('more than 256 classes are split as few are', () => {
  const labels = Uint16Array.from({ length: 3000 }, (_, index) => index % 1000);
  const { validation } = splitImages({ labels }, { validationSize: 1000, seed: 0 });
  expect(new Set(validation.map((index) => labels[index]!)).size).toBe(1000);
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
