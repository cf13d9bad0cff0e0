/** Separates ink from paper, whichever of the two is darker. */
import { visitBorder } from './border.ts';
import { type LevelClass, Levels } from './levels.ts';
import type { ImageSize } from './size.ts';

/** The amount of ink in each pixel of a picture. */
export interface Ink extends ImageSize {
  /** Strength of the ink [height, width]: about 0 on paper, about 1 in the middle of a stroke; noise exceeds both. */
  readonly strength: Float32Array;
  /** Least strength of a pixel that counts as ink. */
  readonly threshold: number;
}

/** Least contrast between ink and paper, in grey levels; a lower contrast is JPEG noise or a stain. */
const MIN_CONTRAST_LEVELS = 12;
/** Least contrast between ink and paper, in standard deviations of the paper's noise. */
const MIN_CONTRAST_DEVIATIONS = 5;

/** Least strength of an ink pixel: includes the edge of a stroke, excludes the ripples that JPEG leaves around it. */
const MIN_INK_STRENGTH = 0.25;
/** Least strength of an ink pixel, in standard deviations of the paper's noise; few pixels of noise exceed 4. */
const NOISE_DEVIATIONS = 4;

/**
 * Quantile of the ink's levels that is the level of full ink: strokes have one level inside and all levels at edges.
 */
const STROKE_QUANTILE = 0.75;

/**
 * Fraction of the border's pixels from which their majority decides; a smaller majority means that a digit touches it.
 */
const MIN_BORDER_MAJORITY = 0.65;

/**
 * Finds the ink of a picture.
 *
 * @param values grey levels [height, width], 0 to 255
 * @returns undefined for a picture that shows only paper
 */
export function findInk(values: Float32Array, size: ImageSize): Ink | undefined {
  const levels = new Levels(values);
  const { dark, light } = levels.split();
  if (levels.count(light) === 0) return undefined;
  const [paper, ink] = paperIsLight(values, size, levels, light) ? [light, dark] : [dark, light];
  const paperLevel = levels.quantile(0.5, paper);
  const contrast = levels.quantile(ink === light ? STROKE_QUANTILE : 1 - STROKE_QUANTILE, ink) - paperLevel;
  const noise = levels.deviationAround(paperLevel, paper) / Math.abs(contrast);
  if (Math.abs(contrast) < MIN_CONTRAST_LEVELS || noise > 1 / MIN_CONTRAST_DEVIATIONS) return undefined;
  const strength = values.map((value) => (value - paperLevel) / contrast);
  return {
    strength,
    height: size.height,
    width: size.width,
    threshold: Math.max(MIN_INK_STRENGTH, NOISE_DEVIATIONS * noise),
  };
}

/**
 * Whether the light pixels are the paper: the majority of the border, or of the whole picture if the border is mixed.
 */
function paperIsLight(values: Float32Array, size: ImageSize, levels: Levels, light: LevelClass): boolean {
  let [lightCount, count] = [0, 0];
  visitBorder(size, (row, column) => {
    if (levels.contains(light, values[row * size.width + column]!)) lightCount += 1;
    count += 1;
  });
  const fraction = lightCount / count;
  const isMixed = Math.max(fraction, 1 - fraction) < MIN_BORDER_MAJORITY;
  return isMixed ? levels.count(light) > values.length / 2 : fraction > 0.5;
}
