/** Chooses digits of MNIST that can be drawn with any pen. */
import type { DatasetInMemory } from '../../../src/dataset/dataset.ts';
import { imageIn } from '../../../src/dataset/pixels.ts';
import type { Image } from '../../../src/image/image.ts';
import type { Dice } from './dice.ts';
import { type Figure, figureOf } from './figure.ts';

/** A digit to draw. */
export interface Digit {
  readonly label: number;
  /** Its place among the images of the data set. */
  readonly index: number;
  /** Light on black, as MNIST has it. */
  readonly image: Image;
  readonly figure: Figure;
}

/**
 * A stroke this many times as wide as usual is a loop that is filled with ink. Drawn with a thin pen it would be a mere
 * hook, and a 6 an L. One digit in twelve has such a loop.
 */
const FILLED = 1.85;

/** A digit of a label, any one that remains the same digit with a thin or a thick pen. */
export async function chosenDigit(dataset: DatasetInMemory, label: number, dice: Dice): Promise<Digit> {
  const { labels, count } = dataset;
  for (let at = dice.whole([0, count - 1]); ; at = (at + 1) % count) {
    const image = imageIn(dataset, at);
    if (labels[at] !== label || !isClear(image)) continue;
    const figure = await figureOf(image);
    if (figure.thickest < FILLED) return { label, index: at, image, figure };
  }
}

/** Levels that are ink at the least, 0 to 255: with pale pixels, and without. */
const PALE = 50;
const DARK = 120;

/** Most parts of a digit: the hat of a 5 may stand apart, but no one reads test image 9698, a 6 of three strokes. */
const MOST_PARTS = 2;

/**
 * Whether a digit has as many parts and holes with its pale pixels as without them. In the others (about one in six) a
 * pale pixel decides whether a 9 is closed; drawn in black and white, some become another digit.
 */
function isClear(image: Image): boolean {
  const [pale, dark] = [partsOf(image, PALE), partsOf(image, DARK)];
  return dark.ink <= MOST_PARTS && pale.ink === dark.ink && pale.paper === dark.paper;
}

/** The number of parts of ink, and that of parts of paper. */
function partsOf({ pixels, height, width }: Image, least: number): { ink: number; paper: number } {
  const [across, down] = [width + 2, height + 2]; // a border of paper, so that all paper around the digit is one part
  const ink = new Uint8Array(across * down);
  for (const [at, level] of pixels.entries()) {
    if (level >= least) ink[(Math.floor(at / width) + 1) * across + (at % width) + 1] = 1;
  }
  const straight = [-across, -1, 1, across];
  const slanting = [-across - 1, 1 - across, across - 1, across + 1];
  const seen = new Uint8Array(across * down);
  const counts = { ink: 0, paper: 0 };
  for (const start of ink.keys()) {
    const kind = ink[start]!;
    if (seen[start] === 1) continue;
    counts[kind === 1 ? 'ink' : 'paper'] += 1;
    for (const waiting = [start]; waiting.length > 0; ) {
      const at = waiting.pop()!;
      if (seen[at] === 1 || ink[at] !== kind) continue;
      seen[at] = 1;
      for (const offset of kind === 1 ? [...straight, ...slanting] : straight) {
        const next = at + offset;
        if (next >= 0 && next < ink.length) waiting.push(next);
      }
    }
  }
  return counts;
}
