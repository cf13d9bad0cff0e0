/** Tests of finding a figure among what surrounds it. */
import { describe, expect, test } from '@jest/globals';
import { figureOf } from '../../../src/image/figure/figure.ts';
import { type Layer, outline, SEVEN, SIZE, scene, seven } from './scene.ts';

const half = (level: number) => level / 2;
const ink = 40;

describe('figureOf finds the figure, and nothing but it,', () => {
  test.each<[string, number, readonly Layer[]]>([
    ['on paper', 230, seven(ink)],
    ['light on dark', 30, seven(220)],
    ['in weak grey on grey', 200, seven(170)],
    ['under the hard edge of a shadow', 230, [...seven(ink), [0, 100, 200, 100, half]]],
    ['with a desk on two sides', 230, [[0, 0, 200, 30, 60], [170, 0, 30, 200, 60], ...seven(ink)]],
    ['on a sheet on a dark desk', 50, [[20, 30, 160, 150, 230], ...seven(ink)]],
    ['on a sheet on a desk as dark as the ink', ink, [[20, 30, 160, 150, 230], ...seven(ink)]],
    ['in a frame', 230, [...outline(20, 20, 160, 160, 3, ink), ...seven(ink)]],
    ['in a frame at the edge', 230, [...outline(0, 0, 200, 200, 6, ink), ...seven(ink)]],
    ['with a thumb in a corner', 230, [[150, 0, 50, 40, 150], ...seven(ink)]],
    ['below a dark title bar', 230, [[0, 0, 24, 200, 40], [8, 60, 8, 60, 200], ...seven(ink)]],
    ['with dust', 230, [...seven(ink), [20, 20, 2, 2, ink], [180, 150, 2, 3, ink]]],
  ])('%s', (_, paper, layers) => {
    expect(figureOf(scene(paper, ...layers), SIZE)).toMatchObject({ box: SEVEN, whole: true, other: undefined });
  });

  test('ruled and squared', () => {
    const lines = Array.from({ length: 10 }, (_, index): Layer => [20 * index + 6, 0, 1, 200, 150]);
    const columns = lines.map(([top, left, height, width, level]): Layer => [left, top, width, height, level]);
    expect(figureOf(scene(230, ...lines, ...seven(ink)), SIZE)?.box).toEqual(SEVEN);
    expect(figureOf(scene(230, ...lines, ...columns, ...seven(ink)), SIZE)?.box).toEqual(SEVEN);
  });
});

test.each([230, 40])('the hole of a thick 0 on paper of level %d is no figure', (paper) => {
  const values = scene(paper).map((level, index) => {
    const fromCentre = Math.hypot(Math.floor(index / SIZE.width) - 99.5, (index % SIZE.width) - 99.5);
    return Math.abs(fromCentre - 37) <= 13 ? 270 - level : level;
  });
  expect(figureOf(values, SIZE)?.box).toEqual({ top: 50, left: 50, bottom: 150, right: 150 });
});

test('a figure that was cut out without a margin is found', () => {
  const whole = scene(230, ...seven(ink));
  const cut = { height: SEVEN.bottom - SEVEN.top, width: SEVEN.right - SEVEN.left };
  const values = new Float32Array(cut.height * cut.width);
  for (let row = 0; row < cut.height; row++) {
    const from = (SEVEN.top + row) * SIZE.width + SEVEN.left;
    values.set(whole.subarray(from, from + cut.width), row * cut.width);
  }
  expect(figureOf(values, cut)?.box).toEqual({ top: 0, left: 0, bottom: cut.height, right: cut.width });
});

test('parts of one figure belong together, and a figure beside it is another', () => {
  const hat: Layer = [40, 90, 10, 30, ink];
  expect(figureOf(scene(230, ...seven(ink), hat), SIZE)).toMatchObject({
    box: { ...SEVEN, top: 40 },
    other: undefined,
  });
  const one: Layer = [60, 20, 80, 10, ink];
  expect(figureOf(scene(230, ...seven(ink), one), SIZE)?.other).toMatchObject({ top: 60, left: 20 });
});

test.each<[string, readonly Layer[]]>([
  ['paper', []],
  ['a thumb', [[120, 0, 80, 60, 150]]],
  ['a sheet on a desk', [[12, 12, 176, 176, 120]]],
  ['a blot', [[80, 80, 40, 50, ink]]],
  ['lines', Array.from({ length: 10 }, (_, index): Layer => [20 * index + 6, 0, 1, 200, 150])],
])('%s is no figure', (_, layers) => {
  expect(figureOf(scene(230, ...layers), SIZE)).toBeUndefined();
});
