/** Finds the strokes of a figure among all that is darker than its ground. */
import { boxAround, type Box, type Component, componentsAbove, contains, heightOf, widthOf } from './components.ts';
import { type Ink, inkOf } from './ink.ts';
import type { ImageSize } from './size.ts';
import { coreOf, isForeign, thingOf } from './things.ts';

/** The strokes of a figure. */
export interface Strokes extends ImageSize {
  /** Strength of the strokes [height, width]: 0 on paper, about 1 in the middle of a stroke. */
  readonly strength: Float32Array;
  /** The smallest box around the strokes. */
  readonly box: Box;
  /** Sum of the strengths. */
  readonly mass: number;
  /** Strength of full ink before it was made 1: the fraction of the ground's light that is missing. */
  readonly full: number;
  /** Fraction of the pixels around the box that are as light as the ground. */
  readonly clear: number;
  /** Whether less than a quarter of the picture is as dark as the strokes. */
  readonly rare: boolean;
  /** Another figure of like size beside this one. */
  readonly other: Box | undefined;
}

/** A figure, and whether the window was wide enough for its strokes. */
export interface Found extends Strokes {
  readonly whole: boolean;
}

/** A component, with how much ink it has. */
interface Part extends Component {
  /** Sum of its strengths. */
  readonly mass: number;
  /** Strength of its full ink. */
  readonly full: number;
  /** Its mean thickness in pixels: twice the area divided by the length of the outline. */
  readonly thickness: number;
  /** Change of strength over two pixels across its outline that 85 % of the outline exceed, as a fraction of full ink. */
  readonly steepness: number;
}

/** Sides of the windows that are tried, as fractions of the picture's shorter side. */
const WINDOW_FRACTIONS = [0.12, 0.2, 0.35] as const;
/** Least side of a window: the thickest strokes of MNIST's digits are narrower. */
const MIN_WINDOW_PIXELS = 11;
/** Least strength of a stroke's pixels, as a fraction of full ink: includes soft edges, excludes the ripples of JPEG. */
const MIN_FRACTION = 0.3;
/** Quantile of a part's strengths that is its full ink: a stroke has one strength inside, and all strengths at its edges. */
const FULL_QUANTILE = 0.75;
/** Least steepness of ink's outline, and of that of a stroke a pixel thick; a shade is less steep. */
const MIN_STEEPNESS = { any: 0.12, thin: 2.5 } as const;
/** A part is whole if its thing has no more than this fraction of pixels beside it. */
const MAX_MORE_FRACTION = 0.05;
/** Parts that are looked at, the heaviest first: texture has thousands. */
const MOST_PARTS = 40;
/** Levels of less than this fraction of the picture are rare. */
const RARE_FRACTION = 0.25;
/** Parts of a foreign thing are at most so many grey levels darker than what was found of it first. */
const SAME_LEVELS = 10;
/** Parts of less ink than this fraction of the heaviest part are dust. */
const MIN_MASS_FRACTION = 0.05;
/** Largest gaps between parts of a figure, as a fraction of the larger part's size. */
const MAX_GAP_FRACTIONS = { down: 0.5, across: 0.25 } as const;
/** Least ratio of the thicknesses, and of the strengths, of parts of one figure. */
const LIKE_FRACTION = 0.4;
/** Least size and ink of another figure, as fractions of the first one's. */
const OTHER_FRACTIONS = { size: 0.5, mass: 0.25 } as const;
/** Least height of each of two parts side by side that are two figures, as a fraction of the height of both. */
const BESIDE_FRACTION = 0.6;

/**
 * The strokes of the picture's dark figure. A narrow window finds strokes best, and a wide one those that are thick.
 *
 * @param values grey levels [height, width], 0 to 255, without lines
 * @returns undefined if nothing in the picture can be a figure
 */
export function strokesOf(values: Float32Array, size: ImageSize): Found | undefined {
  let found: Found | undefined;
  for (const window of windowsOf(size)) {
    const figure = figureIn(values, inkOf(values, size, window));
    if (figure !== undefined) found = figure;
    if (figure?.whole) break;
  }
  return found;
}

/** Sides of the windows that are tried, in pixels. */
function windowsOf({ height, width }: ImageSize): Set<number> {
  const side = Math.min(height, width);
  return new Set(WINDOW_FRACTIONS.map((fraction) => Math.max(MIN_WINDOW_PIXELS, Math.round(fraction * side))));
}

function figureIn(values: Float32Array, ink: Ink): Found | undefined {
  const parts = ownParts(partsOf(ink, ink.noise), values, ink);
  if (parts.length === 0) return undefined;
  const mass = parts.reduce((sum, part) => sum + part.mass, 0);
  const full = parts.reduce((sum, part) => sum + part.full * part.mass, 0) / mass;
  const clean = only(ink, parts);
  const sharp = partsOf(clean, Math.max(ink.noise, MIN_FRACTION * full)).filter(isSharp);
  const figure = figureOf(ownParts(sharp, values, clean), clean);
  return figure && { ...figure, ...lighterThan(figure, values, ink) };
}

/** The ink of some parts alone, with the soft edge around them. */
function only(ink: Ink, parts: readonly Component[]): Ink {
  const { height, width } = ink;
  const strength = new Float32Array(ink.strength.length);
  for (const { pixels } of parts) {
    for (const pixel of pixels) {
      const row = Math.floor(pixel / width);
      const column = pixel - row * width;
      for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
          strength[y * width + x] = ink.strength[y * width + x]!;
        }
      }
    }
  }
  return { ...ink, strength };
}

function partsOf({ strength, ...size }: Ink, least: number): Part[] {
  const at = (row: number, column: number) =>
    row < 0 || column < 0 || row >= size.height || column >= size.width ? 0 : strength[row * size.width + column]!;
  const isPart = (row: number, column: number) => at(row, column) > least;
  return componentsAbove(strength, size, least).map((component) => {
    let outline = 0;
    const steps: number[] = [];
    for (const pixel of component.pixels) {
      const row = Math.floor(pixel / size.width);
      const column = pixel - row * size.width;
      const whole = isPart(row - 1, column) && isPart(row + 1, column) && isPart(row, column - 1) && isPart(row, column + 1);
      if (whole) continue;
      outline += 1;
      steps.push(Math.hypot(at(row + 1, column) - at(row - 1, column), at(row, column + 1) - at(row, column - 1)));
    }
    const strengths = Float32Array.from(component.pixels, (pixel) => strength[pixel]!);
    const mass = strengths.reduce((sum, value) => sum + value, 0);
    strengths.sort();
    const full = strengths[Math.floor(FULL_QUANTILE * (strengths.length - 1))]!;
    const thickness = (2 * component.pixels.length) / (outline + 4);
    return { ...component, mass, full, thickness, steepness: steps.sort((a, b) => a - b)[Math.floor(0.15 * steps.length)]! / full };
  });
}

/** The parts that can be strokes: no dust, nothing that goes on beyond the picture's edge, no sheet, and nothing that encloses others. */
function ownParts(parts: readonly Part[], values: Float32Array, ink: Ink): StrokePart[] {
  const heaviest = parts.reduce((most, { mass }) => Math.max(most, mass), 0);
  const heavy = parts.filter(({ mass }) => mass >= 0.01 * heaviest).sort((a, b) => b.mass - a.mass);
  const foreign = new Float32Array(values.length).fill(-1); // levels of foreign things
  const own = heavy.slice(0, MOST_PARTS).flatMap((part) => {
    const core = coreOf(part, part.full, values, ink);
    if (core.pixels.every((pixel) => foreign[pixel]! >= 0 && foreign[pixel]! <= core.level)) return [];
    const thing = thingOf(part, core, values, ink);
    if (isForeign(thing, ink)) {
      for (const pixel of thing.pixels) foreign[pixel] = core.level - SAME_LEVELS;
      return [];
    }
    return [{ ...part, whole: thing.more <= MAX_MORE_FRACTION * part.pixels.length }];
  });
  return own.filter((part) => !own.some((other) => other !== part && encloses(part, other, ink.width)));
}

/** A part that can be a stroke. */
interface StrokePart extends Part {
  /** Whether nothing of it was taken for ground. */
  readonly whole: boolean;
}

/** Whether a part goes around another that is not much smaller, as a frame does; a 0 with a dot in it does not. */
function encloses(outer: Part, inner: Part, width: number): boolean {
  if (!contains(outer, inner) || Math.max(heightOf(inner), widthOf(inner)) < 3 * outer.thickness) return false;
  const [row, column] = [(inner.top + inner.bottom) >> 1, (inner.left + inner.right) >> 1];
  const directions = new Set<string>();
  for (const pixel of outer.pixels) {
    const [down, right] = [Math.floor(pixel / width) - row, (pixel % width) - column];
    const [far, near] = [Math.max(Math.abs(down), Math.abs(right)), Math.min(Math.abs(down), Math.abs(right))];
    if (near <= 0.1 * far) directions.add(Math.abs(down) > Math.abs(right) ? `down ${Math.sign(down)}` : `right ${Math.sign(right)}`);
  }
  return directions.size === 4;
}

/** The heaviest part with all that is near to it. */
function figureOf(parts: readonly StrokePart[], ink: Ink): Omit<Found, 'clear' | 'rare'> | undefined {
  const sorted = parts.toSorted((a, b) => b.mass - a.mass);
  const main = sorted.find((part) => !isBlot(part));
  if (main === undefined) return undefined;
  const figure = [main];
  const others: StrokePart[] = [];
  for (const part of sorted) {
    if (part === main) continue;
    if (part.mass < MIN_MASS_FRACTION * main.mass) continue;
    const near = isLike(main, part) && isNear(boxAround(figure), part);
    if (near && isBlot(part) && part.mass > 0.3 * main.mass) continue;
    (near ? figure : others).push(part);
  }
  const other = secondFigure(figure, others);
  const mass = figure.reduce((sum, part) => sum + part.mass, 0);
  const full = figure.reduce((sum, part) => sum + part.full * part.mass, 0) / mass;
  const { strength } = only(ink, figure);
  return { height: ink.height, width: ink.width, strength: strength.map((value) => value / full), box: boxAround(figure), mass, full, other, whole: figure.every((part) => part.whole) };
}

/** Of the pixels around a figure's box, and of all pixels, the fraction that is lighter than the figure. */
function lighterThan({ strength, box }: Omit<Strokes, 'clear' | 'rare'>, values: Float32Array, { height, width, ground }: Ink) {
  let [level, around, weight] = [0, 0, 0];
  for (let index = 0; index < strength.length; index++) {
    if (strength[index]! < 0.8) continue;
    [level, around, weight] = [level + values[index]!, around + ground[index]!, weight + 1];
  }
  const limit = (level + around) / (2 * weight);
  const margin = Math.max(1, Math.round(0.1 * Math.max(heightOf(box), widthOf(box))));
  let [clear, count] = [0, 0];
  for (let row = Math.max(0, box.top - margin); row < Math.min(height, box.bottom + margin); row++) {
    for (let column = Math.max(0, box.left - margin); column < Math.min(width, box.right + margin); column++) {
      if (row >= box.top && row < box.bottom && column >= box.left && column < box.right) continue;
      count += 1;
      if (values[row * width + column]! > limit) clear += 1;
    }
  }
  let light = 0;
  for (let index = 0; index < values.length; index++) if (values[index]! > limit) light += 1;
  return { clear: count === 0 ? 1 : clear / count, rare: light > (1 - RARE_FRACTION) * values.length };
}

/** Whether a part is too thick for its size to be a stroke. */
function isBlot(part: Part): boolean {
  return part.thickness > 0.33 * Math.max(heightOf(part), widthOf(part));
}

/** Whether two parts are so near to each other that they belong to one figure. */
function isNear(a: Box, b: Box): boolean {
  const across = Math.max(0, a.left - b.right, b.left - a.right);
  const down = Math.max(0, a.top - b.bottom, b.top - a.bottom);
  const size = Math.max(heightOf(a), heightOf(b), widthOf(a), widthOf(b));
  return across <= MAX_GAP_FRACTIONS.across * size && down <= MAX_GAP_FRACTIONS.down * size;
}

/** Whether two parts can be of one pen: neither is much thicker or darker than the other. */
function isLike(a: Part, b: Part): boolean {
  const ratio = (one: number, other: number) => Math.min(one, other) / Math.max(one, other);
  return ratio(a.thickness, b.thickness) >= LIKE_FRACTION && ratio(a.full, b.full) >= LIKE_FRACTION;
}

/** A part that is a figure of its own: of like size, and far from the first one, or beside its main part. */
function secondFigure([main, ...rest]: readonly StrokePart[], others: readonly StrokePart[]): Box | undefined {
  if (main === undefined) return undefined;
  const size = (box: Box) => Math.max(heightOf(box), widthOf(box));
  const far = others.find((part) => {
    return size(part) >= OTHER_FRACTIONS.size * size(main) && part.mass >= OTHER_FRACTIONS.mass * main.mass;
  });
  return far ?? rest.find((part) => {
    const both = boxAround([main, part]);
    const isBeside = part.left >= main.right || part.right <= main.left;
    return isBeside && widthOf(both) > heightOf(both) && Math.min(heightOf(main), heightOf(part)) >= BESIDE_FRACTION * heightOf(both);
  });
}

/** Whether a part has an outline, which a shade does not have. An enlarged stroke is as many times less steep as thicker. */
function isSharp({ steepness, thickness }: Part): boolean {
  return steepness >= Math.min(MIN_STEEPNESS.any, MIN_STEEPNESS.thin / thickness);
}
