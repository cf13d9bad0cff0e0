/**
 * The parts of a picture's ink: its connected components, with what tells strokes from shades and blots. The constants
 * were chosen by measurement, on the pictures of `npm run bench:pictures -- --half choosing`.
 */
import { heightOf, widthOf } from '../box.ts';
import { type Component, componentsAbove } from './components.ts';
import type { Ink } from './ink.ts';

/** A component, with how much ink it has. */
export interface Part extends Component {
  /** Sum of its strengths. */
  readonly mass: number;
  /** Strength of its full ink. */
  readonly full: number;
  /** Its mean thickness in pixels: twice the area divided by the length of the outline. */
  readonly thickness: number;
  /** Change of strength over two pixels across its outline, as a fraction of full ink: most of the outline exceeds it. */
  readonly steepness: number;
}

/** Quantile of a part's strengths that is its full ink: a stroke has one strength inside, and all strengths at its edges. */
const FULL_QUANTILE = 0.75;
/** Strength of a full ink's pixels, as a fraction of `Part.full`. */
export const CORE_FRACTION = 0.8;
/** Quantile of the steepness along the outline: a hole in a shade is steep, and its rim is not. */
const STEEPNESS_QUANTILE = 0.15;
/** Least steepness of ink's outline, and of that of a stroke a pixel thick; a shade is less steep. */
const MIN_STEEPNESS = { any: 0.12, thin: 2.5 } as const;
/** Least thickness of a blot, as a fraction of its size. */
const BLOT_FRACTION = 0.33;

/** The parts of ink whose pixels are stronger than `least`. */
export function partsOf(ink: Ink, least: number): Part[] {
  return componentsAbove(ink.strength, ink, least).map((component) => {
    const steps = outlineSteps(component.pixels, ink, least);
    const strengths = Float32Array.from(component.pixels, (pixel) => ink.strength[pixel]!);
    const mass = strengths.reduce((sum, value) => sum + value, 0);
    const full = quantileOf(strengths, FULL_QUANTILE);
    const thickness = (2 * component.pixels.length) / (steps.length + 4);
    return { ...component, mass, full, thickness, steepness: quantileOf(steps, STEEPNESS_QUANTILE) / full };
  });
}

/** For each pixel of a part that has a neighbour outside, how much the strength changes across it, over two pixels. */
function outlineSteps(pixels: Int32Array, { strength, height, width }: Ink, least: number): Float32Array {
  const steps = new Float32Array(pixels.length);
  let count = 0;
  for (const pixel of pixels) {
    const row = (pixel / width) | 0;
    const column = pixel - row * width;
    const above = row > 0 ? strength[pixel - width]! : 0;
    const below = row < height - 1 ? strength[pixel + width]! : 0;
    const before = column > 0 ? strength[pixel - 1]! : 0;
    const after = column < width - 1 ? strength[pixel + 1]! : 0;
    if (above > least && below > least && before > least && after > least) continue;
    // Across a line one pixel thick the strength rises and falls again.
    const peak = strength[pixel]! - Math.min(Math.max(above, below), Math.max(before, after));
    steps[count++] = Math.max(Math.hypot(below - above, after - before), peak);
  }
  return steps.subarray(0, count);
}

/** A quantile of values, which are sorted in place. */
function quantileOf(values: Float32Array, fraction: number): number {
  return values.sort()[Math.floor(fraction * (values.length - 1))]!;
}

/** The ink of some parts alone, with the soft edge around them. */
export function inkOfParts(ink: Ink, parts: readonly Component[]): Ink {
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

/** Whether a part has an outline, which a shade does not have. An enlarged stroke is as many times less steep as thicker. */
export function isSharp({ steepness, thickness }: Part): boolean {
  return steepness >= Math.min(MIN_STEEPNESS.any, MIN_STEEPNESS.thin / thickness);
}

/** Whether a part is too thick for its size to be a stroke. */
export function isBlot(part: Part): boolean {
  return part.thickness > BLOT_FRACTION * Math.max(heightOf(part), widthOf(part));
}
