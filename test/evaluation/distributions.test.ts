/** Tests of the distributions of classes, and of the distances from them. */
import { expect, test } from '@jest/globals';
import {
  distance,
  distributionsOf,
  heldOutDistances,
  squaredDistance,
  type Vectors,
} from '../../src/evaluation/distributions.ts';
import { RandomGenerator } from '../../src/random.ts';

/** Normally distributed vectors of two classes, [count, 3]: correlated, of different variances, around 0 and 10. */
function twoClasses(count: number, seed = 1): { vectors: Vectors; labels: Uint8Array } {
  const generator = RandomGenerator.seeded(seed, 'shuffle');
  const normal = () => {
    const radius = Math.sqrt(-2 * Math.log(1 - generator.uniform()));
    return radius * Math.cos(2 * Math.PI * generator.uniform());
  };
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 2);
  const values = Float64Array.from(
    [...labels].flatMap((label) => {
      const [a, b, c] = [normal(), normal(), normal()];
      return label === 0 ? [a, a + 2 * b, 3 * c] : [10 + a, 10 + b, 10 + c - a];
    }),
  );
  return { vectors: { values, size: 3 }, labels };
}

/** These vectors without the one at `index`. */
function without({ vectors, labels }: ReturnType<typeof twoClasses>, index: number) {
  const { values, size } = vectors;
  const kept = [...values.subarray(0, index * size), ...values.subarray((index + 1) * size)];
  return {
    vectors: { values: Float64Array.from(kept), size },
    labels: labels.filter((_, other) => other !== index),
  };
}

test('the mean square of the distances from the own class is the number of dimensions', () => {
  const { vectors, labels } = twoClasses(4000);
  const distributions = distributionsOf(vectors, labels, 2)!;
  for (const label of [0, 1]) {
    const own = [...labels.keys()].filter((index) => labels[index] === label);
    const squares = own.map((index) => squaredDistance(distributions[label]!, vectors, index));
    const mean = squares.reduce((sum, square) => sum + square) / own.length;
    expect(mean).toBeGreaterThan(2.8); // a little below 3, because a ridge is added to the variances
    expect(mean).toBeLessThan(3);
  }
});

test('a distance counts in standard deviations, along correlated coordinates too', () => {
  const { vectors, labels } = twoClasses(4000);
  const distributions = distributionsOf(vectors, labels, 2)!;
  const from = (...values: number[]) => distance(distributions, { values: Float64Array.from(values), size: 3 }, 0);
  expect(from(0, 0, 6)).toBeCloseTo(2, 0);
  expect(from(2, 2, 0)).toBeCloseTo(2, 0); // where the first class stretches
  expect(from(2, -6, 0)).toBeGreaterThan(4); // across
  expect(from(10, 10, 10)).toBeLessThan(0.2); // the middle of the second class
});

test('the distance is that from the nearest class', () => {
  const { vectors, labels } = twoClasses(400);
  const distributions = distributionsOf(vectors, labels, 2)!;
  for (let index = 0; index < 400; index++) {
    const squares = distributions.map((each) => squaredDistance(each, vectors, index));
    expect(distance(distributions, vectors, index)).toBe(Math.sqrt(Math.min(...squares)));
  }
});

test('a held-out distance is that from distributions which were estimated without the vector', () => {
  const sample = twoClasses(60);
  const { vectors, labels } = sample;
  const all = distributionsOf(vectors, labels, 2)!;
  const heldOut = heldOutDistances(all, vectors, labels);
  for (let index = 0; index < 60; index++) {
    const rest = without(sample, index);
    const expected = distance(distributionsOf(rest.vectors, rest.labels, 2)!, vectors, index);
    expect(Math.abs(heldOut[index]! / expected - 1)).toBeLessThan(0.02); // the ridge is a little another
    expect(distance(all, vectors, index)).toBeLessThan(heldOut[index]!);
  }
});

test('more coordinates than vectors of a class leave the distances finite', () => {
  const { vectors } = twoClasses(40);
  const wide = { values: vectors.values, size: 12 }; // ten vectors
  const labels = Uint8Array.from({ length: 10 }, (_, index) => index % 2);
  const distributions = distributionsOf(wide, labels, 2)!;
  expect([...heldOutDistances(distributions, wide, labels)].every(Number.isFinite)).toBe(true);
});

test('numbers have the five digits that a checkpoint keeps', () => {
  const { vectors, labels } = twoClasses(100);
  for (const { mean, whitening } of distributionsOf(vectors, labels, 2)!) {
    expect([mean.length, whitening.length]).toEqual([3, 6]);
    for (const value of [...mean, ...whitening]) expect(value).toBe(Number(value.toPrecision(5)));
  }
});

test('there are no distributions if a class has fewer than five vectors, or if none varies', () => {
  const { vectors, labels } = twoClasses(40);
  expect(distributionsOf(vectors, labels, 2)).toHaveLength(2);
  expect(distributionsOf(vectors, labels, 3)).toBeUndefined();
  const few = labels.map((label, index) => (label === 1 && index > 8 ? 0 : label)); // four of the second class
  expect(distributionsOf(vectors, few, 2)).toBeUndefined();
  expect(distributionsOf({ values: new Float64Array(120).fill(7), size: 3 }, labels, 2)).toBeUndefined();
});
