/** Tests of the seeded random generator. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_SEED, RandomGenerator, type RandomStream } from '../src/random.ts';

const STREAMS: RandomStream[] = ['initialisation', 'split', 'subset', 'shuffle', 'augmentation'];
const seeds = fc.integer({ min: 0, max: MAX_SEED });

describe('a seed', () => {
  test('gives the same random numbers in every version', () => {
    const digits = STREAMS.map((stream) => {
      const generator = RandomGenerator.seeded(42, stream);
      return [stream, ...Array.from({ length: 4 }, () => generator.below(1_000_000))];
    });
    expect(digits).toEqual([
      ['initialisation', 14028, 790905, 233842, 501558],
      ['split', 942147, 757642, 52168, 300744],
      ['subset', 606291, 204119, 443801, 89024],
      ['shuffle', 54994, 63979, 204258, 247677],
      ['augmentation', 298892, 975280, 660046, 794817],
    ]);
  });

  test('a seed that is not an unsigned 32-bit integer is refused (exit 2)', () => {
    for (const seed of [-1, 0.5, MAX_SEED + 1, Number.NaN]) {
      expect(() => RandomGenerator.seeded(seed, 'split')).toThrow(
        expect.objectContaining({ code: 2, message: `seed must be an integer from 0 to 4294967295, got ${seed}` }),
      );
    }
  });

  test('neighbouring seeds give first numbers that spread over the whole range', () => {
    const first = Array.from({ length: 1000 }, (_, seed) => RandomGenerator.seeded(seed, 'initialisation').uniform());
    const tenths = Array.from({ length: 10 }, (_, tenth) => first.filter((u) => Math.floor(u * 10) === tenth).length);
    for (const count of tenths) expect(Math.abs(count - 100)).toBeLessThan(50);
  });
});

test('a restored generator continues where the saved one was', () => {
  fc.assert(
    fc.property(seeds, fc.constantFrom(...STREAMS), fc.nat(50), (seed, stream, drawn) => {
      const generator = RandomGenerator.seeded(seed, stream);
      for (let i = 0; i < drawn; i++) generator.uniform();
      const restored = RandomGenerator.restore(JSON.parse(JSON.stringify(generator.state())));
      for (let i = 0; i < 5; i++) expect(restored.uniform()).toBe(generator.uniform());
    }),
  );
});

test('a generator refuses a state that is not one, as a damaged checkpoint (exit 4)', () => {
  for (const state of [[], [1, 2, 3], [0, 0, 0, 0], [1, 2, 3, 2 ** 32], [1, 2, 3, 0.5]]) {
    expect(() => RandomGenerator.restore(state)).toThrow(
      expect.objectContaining({ code: 4, message: expect.stringContaining(JSON.stringify(state)) }),
    );
  }
});

test('below(n) gives every integer under n equally often', () => {
  const generator = RandomGenerator.seeded(1, 'shuffle');
  const counts = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < 60_000; i++) counts[generator.below(6)]! += 1;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquare).toBeLessThan(20.5); // 5 degrees of freedom: one of 1,000 fair generators exceeds 20.5
  expect(generator.below(1)).toBe(0);
});

test('a shuffle keeps all elements and puts each in every place equally often', () => {
  const generator = RandomGenerator.seeded(2, 'shuffle');
  const places = [0, 0, 0, 0];
  for (let i = 0; i < 4000; i++) {
    const array = Int32Array.of(10, 20, 30, 40);
    generator.shuffle(array);
    expect([...array].sort()).toEqual([10, 20, 30, 40]);
    places[array.indexOf(10)]! += 1;
  }
  for (const count of places) expect(Math.abs(count - 1000)).toBeLessThan(110); // 4 standard deviations
});

test.each([100_000, 99_999])('fillNormal of %i values has the moments of a normal distribution', (length) => {
  const values = new Float32Array(length);
  RandomGenerator.seeded(3, 'initialisation').fillNormal(values, 0.5);
  const moment = (power: number) => values.reduce((sum, value) => sum + (value / 0.5) ** power, 0) / length;
  // The moments of N(0, 1) are 0, 1, 0, 3; each estimate must lie within 4 standard deviations.
  expect(Math.abs(moment(1))).toBeLessThan(4 * Math.sqrt(1 / length));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / length));
  expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / length));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / length));
  expect(values.every(Number.isFinite)).toBe(true);
});

test('fillUniform gives a uniform distribution between the bounds', () => {
  const values = new Float32Array(100_000);
  RandomGenerator.seeded(3, 'initialisation').fillUniform(values, 0.25);
  const mean = values.reduce((sum, value) => sum + value) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  expect(mean).toBeCloseTo(0, 2);
  expect(variance).toBeCloseTo(0.25 ** 2 / 3, 3);
  expect(values.every((value) => value >= -0.25 && value <= 0.25)).toBe(true);
});
