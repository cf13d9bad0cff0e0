import { describe, expect, test } from '@jest/globals';
import { Levels } from '../../src/image/levels.ts';

describe('levels', () => {
  const levels = new Levels(Uint8Array.of(0, 10, 10, 12, 200, 210, 255));

  test('of bytes are counted exactly', () => {
    expect([0, 0.5, 0.7, 1].map((fraction) => levels.quantile(fraction))).toEqual([0, 12, 200, 255]);
    expect(levels.count()).toBe(7);
  });

  test('are split where they differ most', () => {
    const { dark, light } = levels.split();
    expect([levels.count(dark), levels.count(light)]).toEqual([4, 3]);
    expect([12, 200].map((value) => levels.isOf(light, value))).toEqual([false, true]);
    expect([levels.quantile(0.5, dark), levels.quantile(0.5, light)]).toEqual([10, 210]);
  });

  test('have a spread that half of them lie within, times that of normal noise', () => {
    expect(levels.spreadAround(10, levels.split().dark)).toBe(0);
    expect(levels.spreadAround(200, levels.split().light)).toBeCloseTo(14.826);
  });

  test('that are all equal have no light ones', () => {
    const flat = new Levels(Float32Array.of(7.5, 7.5));
    expect(flat.count(flat.split().light)).toBe(0);
    expect(flat.quantile(0.5)).toBe(7.5);
  });
});
