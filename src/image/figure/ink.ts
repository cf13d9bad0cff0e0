/**
 * Measures how much darker each pixel of a picture is than the ground around it. The constants were chosen by
 * measurement, on the pictures of `npm run bench:pictures -- --half choosing`.
 */
import { cutOut, withMargin } from '../cut-out.ts';
import { Levels } from '../levels.ts';
import type { ImageSize } from '../size.ts';
import { closing } from './morphology.ts';

/** The dark ink of a picture. */
export interface Ink extends ImageSize {
  /** Strength of the ink [height, width]: the fraction of the ground's light that is missing, from 0 to 1. */
  readonly strength: Float32Array;
  /** Level of the ground at each pixel [height, width], 0 to 255. */
  readonly ground: Float32Array;
  /** Strengths up to this are noise. */
  readonly noise: number;
}

/** A darker ground counts as this light, in grey levels: in a deep shadow noise would become strong. */
const LEAST_GROUND_LEVEL = 48;
/** Least strength of ink: 12 grey levels on white paper. Less is JPEG noise or a stain. */
const MIN_STRENGTH = 12 / 255;
/** Least strength of ink, in standard deviations of the paper's noise; few pixels of noise exceed 4. */
const NOISE_DEVIATIONS = 4;

/**
 * Measures the ink. Light falls on ink and paper alike, so that the quotient of the two is the same in light and shade.
 *
 * @param values grey levels [height, width], 0 to 255; ink is darker than its ground
 * @param window side of the window in pixels that ink is narrower than; what is wider is ground: paper, its lights and
 *   shadows, a desk, a dark bar
 */
export function inkOf(values: Float32Array, size: ImageSize, window: number): Ink {
  const ground = groundOf(values, size, window);
  const strength = new Float32Array(values.length);
  for (let index = 0; index < strength.length; index++) {
    const level = ground[index]!;
    strength[index] = (level - values[index]!) / Math.max(level, LEAST_GROUND_LEVEL);
  }
  const levels = Levels.ofSample(strength);
  const usual = levels.quantile(0.5); // noise raises the ground, which is the lightest level around
  for (let index = 0; index < strength.length; index++) strength[index] = Math.max(0, strength[index]! - usual);
  const noise = Math.max(MIN_STRENGTH, NOISE_DEVIATIONS * levels.deviationAround(usual));
  return { ...size, strength, ground, noise };
}

/**
 * The level of the ground at each pixel: the closing of the picture. Outside the picture its ground goes on; so a stroke
 * that ends at the edge is no ground, and a shadow along the edge is.
 */
function groundOf(values: Float32Array, { height, width }: ImageSize, window: number): Float32Array {
  const rowClosed = (row: number) =>
    closing(values.subarray(row * width, (row + 1) * width), { height: 1, width }, window);
  const columnClosed = (column: number) => {
    const levels = Float32Array.from({ length: height }, (_, row) => values[row * width + column]!);
    return closing(levels, { height, width: 1 }, window);
  };
  const framed = { height: height + 2, width: width + 2 };
  const around = withMargin(values, { height, width }, 1, 0); // [height + 2, width + 2]
  around.set(rowClosed(0), 1);
  around.set(rowClosed(height - 1), (height + 1) * framed.width + 1);
  const [left, right] = [columnClosed(0), columnClosed(width - 1)];
  for (let row = 0; row < height; row++) {
    around[(row + 1) * framed.width] = left[row]!;
    around[(row + 2) * framed.width - 1] = right[row]!;
  }
  return cutOut(closing(around, framed, window), framed.width, {
    top: 1,
    left: 1,
    bottom: height + 1,
    right: width + 1,
  });
}
