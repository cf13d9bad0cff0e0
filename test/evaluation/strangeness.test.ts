/** Tests of what tells an image that is of no class from those of the classes. */

import { describe, expect, test } from '@jest/globals';
import { strangeness as checked } from '../../src/checkpoint/strangeness.ts';
import type { DatasetInMemory } from '../../src/dataset/dataset.ts';
import { areStrange, ValidationStrangeness } from '../../src/evaluation/strangeness.ts';
import { RandomGenerator } from '../../src/random.ts';
import { DIGITS } from '../support/pictures.ts';

/** Indices from `begin` to `end`, without `end`. */
const range = (begin: number, end: number) => Int32Array.from({ length: end - begin }, (_, index) => begin + index);

/** Logits as of a good model: about 8 for the true class, and 0 for the others, [count, classes]. */
function logitsOf(labels: Iterable<number>, classes = 10): Float32Array {
  const generator = RandomGenerator.seeded(5, 'shuffle');
  return Float32Array.from(
    [...labels].flatMap((label) => {
      return Array.from({ length: classes }, (_, each) => (each === label ? 8 : 0) + 2 * generator.uniform());
    }),
  );
}

const labelsOf = (indices: Int32Array) => Array.from(indices, (index) => DIGITS.labels[index]!);

/** What the first `count` test digits are like to a good model. */
function foundIn(count: number) {
  return new ValidationStrangeness(DIGITS, range(0, count)).of(logitsOf(labelsOf(range(0, count))));
}

/** Images, each by the pixel at (row, column), as a data set. */
function drawn(...pixelAt: ((row: number, column: number) => number)[]): DatasetInMemory {
  const pixels = Uint8Array.from({ length: pixelAt.length * 28 * 28 }, (_, index) => {
    const place = index % (28 * 28);
    return pixelAt[Math.floor(index / (28 * 28))]!(Math.floor(place / 28), place % 28);
  });
  return { ...DIGITS, pixels, count: pixelAt.length, labels: new Uint8Array(pixelAt.length) };
}

describe('of images like the validation images', () => {
  test.each([200, 500, 3000])('about one in a hundred is strange, if there were %i of these', async (count) => {
    const strangeness = (await foundIn(count))!;
    expect(strangeness.images).toBe(count);
    const further = { ...DIGITS, count: 2000, pixels: DIGITS.pixels.subarray(5000 * 28 * 28) };
    const strange = areStrange(strangeness, further, logitsOf(labelsOf(range(5000, 7000))));
    const fraction = strange.filter(Boolean).length / 2000;
    expect(fraction).toBeGreaterThan(0.001);
    expect(fraction).toBeLessThan(0.03);
  });

  test('one is strange if the model is unsure of it', async () => {
    const strangeness = (await foundIn(1000))!;
    const two = { ...DIGITS, count: 2 };
    const sure = logitsOf(labelsOf(range(0, 2)));
    expect(areStrange(strangeness, two, sure)).toEqual([false, false]);
    expect(
      areStrange(
        strangeness,
        two,
        sure.map((logit, index) => (index < 10 ? logit / 10 : logit)),
      ),
    ).toEqual([true, false]);
  });
});

test('a disc, a filled square and a frame are strange, however sure the model is', async () => {
  const strangeness = (await foundIn(1000))!;
  const inside = (row: number, column: number) => Math.min(row, column) >= 4 && Math.max(row, column) < 24;
  const things = drawn(
    (row, column) => (Math.hypot(row - 13.5, column - 13.5) < 10 ? 255 : 0),
    (row, column) => (inside(row, column) ? 255 : 0),
    (row, column) => (inside(row, column) && !inside(row - 3, column - 3) ? 255 : 0),
  );
  expect(areStrange(strangeness, things, logitsOf([0, 8, 0]))).toEqual([true, true, true]);
});

test('the same images and logits give the same numbers, and a checkpoint keeps them', async () => {
  const found = (await foundIn(200))!;
  expect(await foundIn(200)).toEqual(found);
  const fail = (field: string, problem: string): never => {
    throw new Error(`${field}: ${problem}`);
  };
  expect(checked(JSON.parse(JSON.stringify(found)), 'strangeness', fail)).toEqual(found);
});

describe('nothing is strange', () => {
  test('if there are more than 32 classes', async () => {
    const found = (classes: number) => {
      const labels = Uint8Array.from({ length: 33 * 8 }, (_, index) => index % classes);
      return new ValidationStrangeness({ ...DIGITS, labels, classes }, range(0, 33 * 8)).of(logitsOf(labels, classes));
    };
    expect((await found(32))?.logits.classes).toHaveLength(32);
    expect(await found(33)).toBeUndefined();
  });

  test('if there were fewer than a hundred validation images', async () => {
    const taken = new Uint8Array(10);
    const tenOfEach = range(0, 1000).filter((index) => taken[DIGITS.labels[index]!]!++ < 10);
    const found = (indices: Int32Array) => new ValidationStrangeness(DIGITS, indices).of(logitsOf(labelsOf(indices)));
    expect((await found(tenOfEach))?.images).toBe(100);
    expect(await found(tenOfEach.subarray(1))).toBeUndefined();
  });

  test('if a class had fewer than five', async () => {
    const few = range(0, 1000).filter((index) => DIGITS.labels[index] !== 3 || index < 50); // four of the digit 3
    expect(await new ValidationStrangeness(DIGITS, few).of(logitsOf(labelsOf(few)))).toBeUndefined();
    const elevenClasses = new ValidationStrangeness(DIGITS, range(0, 200));
    expect(await elevenClasses.of(logitsOf(labelsOf(range(0, 200)), 11))).toBeUndefined();
  });

  test('if all validation images got the same logits, or endless ones', async () => {
    const digits = new ValidationStrangeness(DIGITS, range(0, 200));
    expect(await digits.of(new Float32Array(2000))).toBeUndefined();
    expect(await digits.of(new Float32Array(2000).fill(Number.POSITIVE_INFINITY))).toBeUndefined();
  });

  test('if the validation images are empty', async () => {
    const empty = { ...DIGITS, pixels: new Uint8Array(200 * 28 * 28) };
    expect(await new ValidationStrangeness(empty, range(0, 200)).of(logitsOf(labelsOf(range(0, 200))))).toBeUndefined();
  });
});
