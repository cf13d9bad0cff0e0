/** Telling ink from paper, whichever of the two is the darker. */
import { visitBorder } from './border.ts';
import { type LevelClass, Levels } from './levels.ts';
import type { ImageSize } from './size.ts';

/** How much of each pixel is ink. */
export interface Ink extends ImageSize {
  /** [height, width], about 0 where there is paper, about 1 in the middle of a stroke; noise goes beyond both. */
  readonly strength: Float32Array;
  /** From this strength on a pixel is taken for ink. */
  readonly threshold: number;
}

/** Between ink and paper, in grey levels: less is JPEG's noise, or a stain. */
const LEAST_CONTRAST = 12;
/** And in standard deviations of the paper's noise. */
const LEAST_SIGNAL = 5;

/** A stroke's edge, and no ripple that JPEG leaves around it; 4 standard deviations of noise are above it in few places. */
const EDGE = 0.25;
const NOISE = 4;

/** Of the ink's levels: strokes have a middle of one level, and edges of all. */
const STROKE = 0.75;

/** Of the border; where neither ink nor paper has this share it tells nothing. */
const CLEARLY = 0.65;

/**
 * @param values grey levels, [height, width], 0 to 255
 * @returns undefined where there is only paper
 */
export function findInk(values: Float32Array, size: ImageSize): Ink | undefined {
  const levels = new Levels(values);
  const { dark, light } = levels.split();
  if (levels.count(light) === 0) return undefined;
  const [paper, ink] = paperIsLight(values, size, levels, light) ? [light, dark] : [dark, light];
  const paperLevel = levels.quantile(0.5, paper);
  const contrast = levels.quantile(ink === light ? STROKE : 1 - STROKE, ink) - paperLevel;
  const noise = levels.spreadAround(paperLevel, paper) / Math.abs(contrast);
  if (Math.abs(contrast) < LEAST_CONTRAST || noise > 1 / LEAST_SIGNAL) return undefined;
  const strength = values.map((value) => (value - paperLevel) / contrast);
  return { strength, height: size.height, width: size.width, threshold: Math.max(EDGE, NOISE * noise) };
}

/** Paper is what most of the border is; where a digit fills it, so that neither is clear, what most of the picture is. */
function paperIsLight(values: Float32Array, size: ImageSize, levels: Levels, light: LevelClass): boolean {
  let [lit, count] = [0, 0];
  visitBorder(size, (row, column) => {
    if (levels.isOf(light, values[row * size.width + column]!)) lit += 1;
    count += 1;
  });
  const fraction = lit / count;
  return Math.max(fraction, 1 - fraction) >= CLEARLY ? fraction > 0.5 : levels.count(light) > values.length / 2;
}
