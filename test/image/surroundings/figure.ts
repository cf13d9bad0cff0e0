/** The shape of one of MNIST's digits, independent of size: its edge and the line that the pen followed. */
import sharp from 'sharp';
import type { Image } from '../../../src/image/image.ts';
import { distanceTo } from './distance.ts';
import { type Point, thinned, traced } from './skeleton.ts';

const { max, min } = Math;

/** How many times larger the grid is on which shapes are computed. */
const ENLARGED = 6;
/** Branches of the thinned digit shorter than this many of MNIST's pixels come from uneven strokes. */
const SPUR = 2.5;

/** A digit's shape, on a grid of `side` × `side` points. */
export interface Figure {
  readonly side: number;
  /** Distance of each point to the digit's edge, negative inside; [side, side], in steps of the grid. */
  readonly outside: Float32Array;
  /** The pen's lines, in steps of the grid. */
  readonly lines: readonly Point[][];
  /** What the ink takes up, in steps of the grid. */
  readonly box: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
  /** Width of the widest pen that leaves the loops of the pen's lines open, in steps of the grid. */
  readonly widestPen: number;
  /** Width of the stroke at its thickest place, as a multiple of its usual width. */
  readonly thickest: number;
}

/** The shape of a digit as MNIST has it, light on black. */
export async function figureOf({ pixels, width, height }: Image): Promise<Figure> {
  const side = ENLARGED * width;
  const enlarged = await sharp(Buffer.from(pixels), { raw: { width, height, channels: 1 } })
    .resize(side, side, { kernel: 'cubic' })
    .blur(ENLARGED / 2)
    .toColourspace('b-w')
    .raw()
    .toBuffer(); // [side, side]
  const ink = new Uint8Array(enlarged).map((level) => (level >= 105 ? 1 : 0));
  const paper = ink.map((value) => 1 - value);
  const [toInk, toPaper] = [distanceTo(ink, side), distanceTo(paper, side)];
  const line = thinned(ink, side);
  const lines = traced(line, side, SPUR * ENLARGED);
  return {
    side,
    outside: toInk.map((distance, at) => (ink[at] === 1 ? 0.5 - toPaper[at]! : distance - 0.5)),
    lines,
    box: boxOf(ink, side),
    widestPen: widestPen(line, side),
    thickest: thickest(ink, toPaper, line),
  };
}

function boxOf(ink: Uint8Array, side: number): Figure['box'] {
  const box = { left: side, top: side, right: 0, bottom: 0 };
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      if (ink[row * side + column] === 0) continue;
      box.left = min(box.left, column);
      box.right = max(box.right, column + 1);
      box.top = min(box.top, row);
      box.bottom = row + 1;
    }
  }
  return box;
}

/** @returns infinity for lines without a loop */
function widestPen(line: Uint8Array, side: number): number {
  const distance = distanceTo(line, side);
  const seen = Uint8Array.from(line);
  const waiting = new Int32Array(side * side);
  let narrowest = Number.POSITIVE_INFINITY;
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] === 1) continue;
    let [widest, isHole, length] = [0, true, 0];
    const enter = (at: number) => {
      if (seen[at] === 1) return;
      seen[at] = 1;
      waiting[length++] = at;
    };
    enter(start);
    while (length > 0) {
      const at = waiting[--length]!;
      widest = max(widest, distance[at]!);
      const column = at % side;
      if (column === 0 || column === side - 1 || at < side || at >= seen.length - side) isHole = false;
      if (column > 0) enter(at - 1);
      if (column < side - 1) enter(at + 1);
      if (at >= side) enter(at - side);
      if (at < seen.length - side) enter(at + side);
    }
    if (isHole && widest > ENLARGED / 2) narrowest = min(narrowest, 2 * widest);
  }
  return narrowest;
}

/** About 1 for even strokes; more where a loop is filled with ink, so that thinning takes it for a stroke. */
function thickest(ink: Uint8Array, toPaper: Float32Array, line: Uint8Array): number {
  const depths = toPaper.filter((_, at) => line[at] === 1).sort();
  const deepest = toPaper.reduce((most, value, at) => (ink[at] === 1 ? max(most, value) : most), 0);
  return deepest / depths[depths.length >> 1]!;
}
