/** Tests of the histogram of grey levels. */
import { describe, expect, test } from '@jest/globals';
import { Levels } from '../../src/image/levels.ts';

describe('a histogram', () => {
  const levels = new Levels(Uint8Array.of(0, 10, 10, 12, 200, 210, 255));

  test('a histogram of bytes gives exact quantiles', () => {
    expect([0, 0.5, 0.7, 1].map((fraction) => levels.quantile(fraction))).toEqual([0, 12, 200, 255]);
    expect(levels.count()).toBe(7);
  });

  test('split divides levels where the classes differ most', () => {
    const { dark, light } = levels.split();
    expect([levels.count(dark), levels.count(light)]).toEqual([4, 3]);
    expect([12, 200].map((value) => levels.contains(light, value))).toEqual([false, true]);
    expect([levels.quantile(0.5, dark), levels.quantile(0.5, light)]).toEqual([10, 210]);
  });

  test('deviationAround is the median distance, scaled to the deviation of normal noise', () => {
    expect(levels.deviationAround(10, levels.split().dark)).toBe(0);
    expect(levels.deviationAround(200, levels.split().light)).toBeCloseTo(14.826);
  });

  test('split leaves the light class empty if all levels are equal', () => {
    const flat = new Levels(Float32Array.of(7.5, 7.5));
    expect(flat.count(flat.split().light)).toBe(0);
    expect(flat.quantile(0.5)).toBe(7.5);
  });
});

test('a sample of a large picture has its quantiles, and that of a small one is all of it', () => {
  const large = Float32Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256);
  const sample = Levels.ofSample(large);
  expect(sample.count()).toBeLessThan(17_000);
  for (const fraction of [0.1, 0.5, 0.9]) {
    expect(Math.abs(sample.quantile(fraction) - new Levels(large).quantile(fraction))).toBeLessThan(3);
  }
  expect(Levels.ofSample(Float32Array.of(1, 2, 2)).count()).toBe(3);
});
