/** Pictures made of rectangles, for tests of finding figures. */
import type { Box } from '../../../src/image/box.ts';

/** Side of the pictures in pixels. */
export const SIDE = 200;
export const SIZE = { height: SIDE, width: SIDE };

/** A rectangle [top, left, height, width], and what becomes of a level in it. */
export type Layer = readonly [top: number, left: number, height: number, width: number, level: Level];
type Level = number | ((level: number) => number);

/** A picture of paper of a level, with rectangles one upon the other. */
export function scene(paper: number, ...layers: readonly Layer[]): Float32Array {
  const values = new Float32Array(SIDE * SIDE).fill(paper); // [200, 200]
  for (const [top, left, height, width, level] of layers) {
    for (let row = Math.max(0, top); row < Math.min(SIDE, top + height); row++) {
      for (let column = Math.max(0, left); column < Math.min(SIDE, left + width); column++) {
        const at = row * SIDE + column;
        values[at] = typeof level === 'number' ? level : level(values[at]!);
      }
    }
  }
  return values;
}

/** The layers of a figure like a 7, its box from (60, 80) to (140, 130). */
export function seven(level: number): Layer[] {
  return [
    [60, 80, 10, 50, level],
    [60, 120, 80, 10, level],
  ];
}

/** The box of `seven`. */
export const SEVEN: Box = { top: 60, left: 80, bottom: 140, right: 130 };

/** The layers of a rectangle's outline. */
export function outline(
  top: number,
  left: number,
  height: number,
  width: number,
  thickness: number,
  level: number,
): Layer[] {
  return [
    [top, left, thickness, width, level],
    [top + height - thickness, left, thickness, width, level],
    [top, left, height, thickness, level],
    [top, left + width - thickness, height, thickness, level],
  ];
}
