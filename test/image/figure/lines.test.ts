/** Tests of removing lines. */
import { describe, expect, test } from '@jest/globals';
import { withoutLines } from '../../../src/image/figure/lines.ts';
import { type Layer, SIDE, SIZE, scene, seven } from './scene.ts';

/** Draws parallel lines of this slope over a picture, where they are darker. */
function ruled(values: Float32Array, slope: number, pitch: number, level: number): Float32Array {
  return values.map((value, index) => {
    const offset = Math.floor(index / SIDE) - slope * (index % SIDE);
    return ((offset % pitch) + pitch) % pitch < 2 ? Math.min(value, level) : value;
  });
}

/** Fraction of the pixels that differ by more than 40 levels. */
function changed(values: Float32Array, from: Float32Array): number {
  return values.filter((value, index) => Math.abs(value - from[index]!) > 40).length / values.length;
}

describe('withoutLines', () => {
  const written = scene(230, ...seven(40));

  test.each([0, 0.05, -0.15])('removes lines of slope %d, pale and dark ones, and keeps the strokes', (slope) => {
    for (const level of [190, 110, 60]) {
      expect(changed(withoutLines(ruled(written, slope, 20, level), SIZE), written)).toBeLessThan(0.008);
    }
  });

  test('removes light lines from a dark picture', () => {
    const blackboard = ruled(written, 0.05, 20, 110).map((level) => 255 - level);
    const clean = written.map((level) => 255 - level);
    expect(changed(withoutLines(blackboard, SIZE), clean)).toBeLessThan(0.008);
  });

  test.each<[string, readonly Layer[]]>([
    ['a long 1', [[20, 100, 160, 4, 40]]],
    [
      'a thin 7',
      [
        [40, 50, 3, 100, 40],
        [40, 147, 130, 3, 40],
      ],
    ],
    [
      'a frame inside',
      [
        [30, 30, 3, 140, 40],
        [167, 30, 3, 140, 40],
        [30, 30, 140, 3, 40],
        [30, 167, 140, 3, 40],
      ],
    ],
  ])('keeps %s', (_, layers) => {
    const values = scene(230, ...layers);
    expect(withoutLines(values, SIZE)).toEqual(values);
  });
});
