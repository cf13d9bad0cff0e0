/** The arithmetic of bench:network's model. */
import { expect, test } from '@jest/globals';
import {
  batchFor,
  efficiency,
  fitModel,
  HOP_MS,
  type MeasuredStep,
  stepMs,
  wireMs,
} from '../../../bench/cluster/model.ts';

const GIGABIT = { bitsPerSecond: 1e9, roundTripMs: 0 };
const MODEL = { fixed: 10, perImage: 2, copies: 30, hidden: 0.5, bytes: 25e6 };

test('a step is what a worker takes alone, its copies, and what of the wire is not hidden', () => {
  // two workers: 64 images take 138 ms alone; 25 MB take 200 ms at 1 Gbit/s, of which 69 ms are hidden
  expect(wireMs(MODEL, 2, GIGABIT)).toBeCloseTo(200 + 2 * HOP_MS);
  expect(stepMs(MODEL, 128, 2, GIGABIT)).toBeCloseTo(138 + 30 + 200 + 2 * HOP_MS - 69);
  expect(stepMs(MODEL, 1024, 2, GIGABIT)).toBeCloseTo(1034 + 30); // all is hidden
});

test('four workers send 1.5 times as many bytes as two, over three times as many hops', () => {
  const far = { bitsPerSecond: 10e9, roundTripMs: 5 };
  expect(wireMs(MODEL, 4, far)).toBeCloseTo(1.5 * 20 + 6 * (HOP_MS + 5));
  expect(efficiency(MODEL, 4 * 64, 4, far)).toBeCloseTo(138 / (138 + 1.5 * 30)); // the wire is hidden
});

test('fitModel finds the numbers from which steps were made', () => {
  const steps = [128, 512, 1024].map((batch): MeasuredStep => {
    const alone = 10 + batch; // 2 ms for each image of a half
    return { batch, alone, loopback: alone + 30, limited: stepMs(MODEL, batch, 2, GIGABIT) };
  });
  const { fixed, perImage, copies, hidden, bytes } = fitModel(steps, 25e6, GIGABIT);
  expect([fixed, perImage, copies, bytes]).toEqual([expect.closeTo(10), expect.closeTo(2), expect.closeTo(30), 25e6]);
  expect(hidden).toBe(0.5);
});

test.each([
  ['copies', 0.9, { ...GIGABIT, bitsPerSecond: 1e12 }],
  ['the wire', 0.9, GIGABIT],
  ['the wire of many', 0.5, { ...GIGABIT, roundTripMs: 1 }],
])('batchFor is the least batch that keeps an efficiency, where %s decides', (_, kept, network) => {
  for (const workers of [2, 8, 128]) {
    const batch = batchFor(kept, MODEL, workers, network);
    expect(batch % workers).toBe(0);
    expect(efficiency(MODEL, batch, workers, network)).toBeGreaterThanOrEqual(kept);
    expect(efficiency(MODEL, batch - workers, workers, network)).toBeLessThan(kept);
  }
});
