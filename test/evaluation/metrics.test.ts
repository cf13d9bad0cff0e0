/** Means over images, medians, and Wilson’s interval. */
import { describe, expect, test } from '@jest/globals';
import { median } from '../../src/bench/spread.ts';
import { meanOf, wilsonInterval } from '../../src/evaluation/metrics.ts';

test('meanOf divides the sums by the number of images', () => {
  expect(meanOf({ count: 4, lossSum: 16, correct: 3 })).toEqual({ images: 4, loss: 4, accuracy: 0.75 });
});

test('median gives the middle value, the mean of the middle two, or NaN of no values', () => {
  expect(median([4, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

describe('Wilson’s 95 % interval', () => {
  test('is that of Newcombe 1998 for 81 of 263', () => {
    // Newcombe 1998, table I: 0.2553 to 0.3662
    const [low, high] = wilsonInterval(81 / 263, 263);
    expect(low).toBeCloseTo(0.2553, 4);
    expect(high).toBeCloseTo(0.3662, 4);
  });

  test('stays within 0 and 1, and has a width at either end', () => {
    expect(wilsonInterval(1, 10_000)[1]).toBe(1);
    expect(wilsonInterval(1, 10_000)[0]).toBeLessThan(1);
    expect(wilsonInterval(0, 29)[0]).toBe(0);
    expect(wilsonInterval(0, 7)[0]).toBe(0); // 2.8e-17 where rounding is left as it is
    expect(wilsonInterval(0, 29)[1]).toBeCloseTo(0.117, 3); // Newcombe 1998: 0 of 29 gives 0.1170
  });
});
