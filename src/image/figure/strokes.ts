/** Finds the strokes of a figure among all that is darker than its ground. */
import { type Box, boxAround, heightOf, widthOf } from '../box.ts';
import type { ImageSize } from '../size.ts';
import { type Ink, inkOf } from './ink.ts';
import { inkOfParts, isBlot, isSharp, partsOf } from './parts.ts';
import { type StrokePart, strokeParts } from './stroke-parts.ts';

/** The strokes of a figure. */
export interface Strokes extends ImageSize {
  /** Strength of the strokes [height, width]: 0 on paper, about 1 in the middle of a stroke. */
  readonly strength: Float32Array;
  /** The smallest box around the strokes. */
  readonly box: Box;
  /** Another figure of like size, if there is one. */
  readonly other: Box | undefined;
  /** Sum of the strengths. */
  readonly mass: number;
  /** Strength of full ink before it was made 1: the fraction of the ground's light that is missing. */
  readonly full: number;
  /** Whether no part of the strokes was taken for ground. */
  readonly whole: boolean;
  /** Mean level of the ground under the strokes. */
  readonly ground: number;
  /** Fraction of the pixels around the box that are lighter than the strokes. */
  readonly clear: number;
  /** Fraction of the whole picture that is as dark as the strokes. */
  readonly asDark: number;
}

/** Sides of the windows that are tried, as fractions of the picture's shorter side. */
const WINDOW_FRACTIONS = [0.12, 0.2, 0.35] as const;
/** Least side of a window: the thickest strokes of MNIST's digits are narrower. */
const MIN_WINDOW_PIXELS = 11;
/** Least strength of a stroke's pixels, as a fraction of full ink: includes soft edges, excludes the ripples of JPEG. */
const MIN_FRACTION = 0.3;
/** Strength of full ink's pixels, as a fraction of full ink. */
const CORE_FRACTION = 0.8;
/** Depth of what is around a figure, as a fraction of its size. */
const MARGIN_FRACTION = 0.1;
/** Parts of less ink than this fraction of the heaviest part are dust. */
const MIN_MASS_FRACTION = 0.05;
/** Most ink of a blot that belongs to a figure, such as a dot, as a fraction of the heaviest part's. */
const MAX_DOT_FRACTION = 0.3;
/** Largest gaps between parts of a figure, as a fraction of the larger part's size: a 5's hat may hang high. */
const MAX_GAP_FRACTIONS = { down: 0.5, across: 0.25 } as const;
/** Least ratio of the thicknesses, and of the strengths, of parts of one figure. */
const LIKE_FRACTION = 0.4;
/** Least size, ink and strength of another figure, as fractions of the heaviest part's. */
const OTHER_FRACTIONS = { size: 0.5, mass: 0.25, full: 0.4 } as const;
/** Least height of each of two parts side by side that are two figures, as a fraction of the height of both. */
const BESIDE_FRACTION = 0.6;

/**
 * The strokes of the picture's dark figure. A narrow window keeps shades apart from strokes, and a wide one finds thick
 * strokes: the first that finds whole strokes serves.
 *
 * @param values grey levels [height, width], 0 to 255, without lines
 * @returns undefined if nothing in the picture can be a figure
 */
export function strokesOf(values: Float32Array, size: ImageSize): Strokes | undefined {
  let found: Strokes | undefined;
  for (const window of windowsOf(size)) {
    const strokes = strokesIn(values, inkOf(values, size, window));
    if (strokes !== undefined) found = strokes;
    if (strokes?.whole) break;
  }
  return found;
}

/** Sides of the windows that are tried, in pixels. */
function windowsOf({ height, width }: ImageSize): Set<number> {
  const side = Math.min(height, width);
  return new Set(WINDOW_FRACTIONS.map((fraction) => Math.max(MIN_WINDOW_PIXELS, Math.round(fraction * side))));
}

/** The strokes in ink: first all that can be strokes is found, then what is pale beside it is left out. */
function strokesIn(values: Float32Array, ink: Ink): Strokes | undefined {
  const parts = strokeParts(partsOf(ink, ink.noise), values, ink);
  if (parts.length === 0) return undefined;
  const clean = inkOfParts(ink, parts);
  const least = Math.max(ink.noise, MIN_FRACTION * fullOf(parts));
  const grouped = group(strokeParts(partsOf(clean, least).filter(isSharp), values, clean));
  if (grouped === undefined) return undefined;
  const { figure, other } = grouped;
  const full = fullOf(figure);
  const strength = inkOfParts(clean, figure).strength.map((value) => value / full);
  const [box, mass] = [boxAround(figure), massOf(figure)];
  const whole = figure.every((part) => part.whole);
  const { height, width } = ink;
  return { height, width, strength, box, other, mass, full, whole, ...around(strength, box, values, ink) };
}

function massOf(parts: readonly StrokePart[]): number {
  return parts.reduce((sum, { mass }) => sum + mass, 0);
}

/** Strength of the full ink of parts: the mean, weighted by their ink. */
function fullOf(parts: readonly StrokePart[]): number {
  return parts.reduce((sum, { full, mass }) => sum + full * mass, 0) / massOf(parts);
}

/** The heaviest part with all that belongs to it, and another figure if there is one; undefined if all are blots. */
function group(parts: readonly StrokePart[]): { figure: StrokePart[]; other: Box | undefined } | undefined {
  const heaviest = parts.toSorted((a, b) => b.mass - a.mass);
  const main = heaviest.find((part) => !isBlot(part));
  if (main === undefined) return undefined;
  const figure = [main];
  const others: StrokePart[] = [];
  for (const part of heaviest) {
    if (part === main || part.mass < MIN_MASS_FRACTION * main.mass) continue;
    const belongs = isLike(main, part) && isNear(boxAround(figure), part);
    if (belongs && isBlot(part) && part.mass > MAX_DOT_FRACTION * main.mass) continue;
    (belongs ? figure : others).push(part);
  }
  return { figure, other: secondFigure(main, figure.slice(1), others) };
}

/** Whether two parts can be of one pen: neither is much thicker or darker than the other. */
function isLike(a: StrokePart, b: StrokePart): boolean {
  const ratio = (one: number, other: number) => Math.min(one, other) / Math.max(one, other);
  return ratio(a.thickness, b.thickness) >= LIKE_FRACTION && ratio(a.full, b.full) >= LIKE_FRACTION;
}

/** Whether two parts are so near to each other that they belong to one figure. */
function isNear(a: Box, b: Box): boolean {
  const across = Math.max(0, a.left - b.right, b.left - a.right);
  const down = Math.max(0, a.top - b.bottom, b.top - a.bottom);
  const size = Math.max(heightOf(a), heightOf(b), widthOf(a), widthOf(b));
  return across <= MAX_GAP_FRACTIONS.across * size && down <= MAX_GAP_FRACTIONS.down * size;
}

/** A part that is a figure of its own: of like size and apart from the first figure, or beside its heaviest part. */
function secondFigure(main: StrokePart, rest: readonly StrokePart[], others: readonly StrokePart[]): Box | undefined {
  const size = (box: Box) => Math.max(heightOf(box), widthOf(box));
  const apart = others.find((part) => {
    const isLarge = size(part) >= OTHER_FRACTIONS.size * size(main) && part.mass >= OTHER_FRACTIONS.mass * main.mass;
    return isLarge && part.full >= OTHER_FRACTIONS.full * main.full;
  });
  if (apart) return apart;
  return rest.find((part) => {
    const both = boxAround([main, part]);
    const isBeside = part.left >= main.right || part.right <= main.left;
    const lower = Math.min(heightOf(main), heightOf(part));
    return isBeside && widthOf(both) > heightOf(both) && lower >= BESIDE_FRACTION * heightOf(both);
  });
}

/** How much of what is around a box is lighter than the strokes in it, and how much of the picture is as dark. */
function around(strength: Float32Array, box: Box, values: Float32Array, { height, width, ground }: Ink) {
  let [ink, paper, count] = [0, 0, 0];
  for (let index = 0; index < strength.length; index++) {
    if (strength[index]! < CORE_FRACTION) continue;
    [ink, paper, count] = [ink + values[index]!, paper + ground[index]!, count + 1];
  }
  const limit = (ink + paper) / (2 * count); // halfway between ink and paper
  const margin = Math.max(1, Math.round(MARGIN_FRACTION * Math.max(heightOf(box), widthOf(box))));
  let [lighter, all] = [0, 0];
  for (let row = Math.max(0, box.top - margin); row < Math.min(height, box.bottom + margin); row++) {
    for (let column = Math.max(0, box.left - margin); column < Math.min(width, box.right + margin); column++) {
      if (row >= box.top && row < box.bottom && column >= box.left && column < box.right) continue;
      all += 1;
      if (values[row * width + column]! > limit) lighter += 1;
    }
  }
  let dark = 0;
  for (let index = 0; index < values.length; index++) if (values[index]! <= limit) dark += 1;
  return { ground: paper / count, clear: all === 0 ? 1 : lighter / all, asDark: dark / values.length };
}
