/** Removes uneven lighting of the paper, which photographs have. */
import type { Image } from '../dataset/source.ts';
import { visitBorder } from './border.ts';
import { resample } from './resample.ts';
import type { ImageSize } from './size.ts';

/**
 * Least height and width of a picture whose lighting is measured; a smaller picture has no light and shade of its own.
 */
const MIN_SIDE_PIXELS = 16;

/** Longer side to which a picture is reduced before its lighting is measured, which averages noise away. */
const MEASURED_SIDE_PIXELS = 64;

/**
 * Least fraction of the border's variance that a fitted surface must explain to count as lighting. A digit that touches
 * the border does not fit a smooth surface.
 */
const MIN_EXPLAINED_FRACTION = 0.85;

/** Terms of the quadratic surface that models the lighting, in coordinates x and y from −1 to 1. */
const SURFACE_TERMS = [
  () => 1,
  (x: number) => x,
  (_: number, y: number) => y,
  (x: number) => x * x,
  (x: number, y: number) => x * y,
  (_: number, y: number) => y * y,
] as const;

/** One factor for each of `SURFACE_TERMS`. */
type Coefficients = readonly [number, number, number, number, number, number];

/**
 * The grey levels of a picture as they would be in even light: the quadratic surface that fits the border is
 * subtracted, if one fits.
 *
 * @returns [height, width]; paper has the border's mean level
 */
export function evenLight(image: Image): Float32Array {
  const { pixels, height, width } = image;
  const values = Float32Array.from(pixels); // [height, width]
  const lighting = Math.min(height, width) < MIN_SIDE_PIXELS ? undefined : measureLighting(values, image);
  if (lighting === undefined) return values;
  const [one, x1, y1, xx, xy, yy] = lighting.surface;
  for (let row = 0; row < height; row++) {
    const y = coordinateOf(row, height);
    for (let column = 0; column < width; column++) {
      const x = coordinateOf(column, width);
      values[row * width + column]! += lighting.mean - (one + (x1 + xx * x + xy * y) * x + (y1 + yy * y) * y);
    }
  }
  return values;
}

/** Coordinate of a pixel's centre along a side: −1 is one edge of the picture, 1 the other. */
function coordinateOf(index: number, side: number): number {
  return (2 * index + 1) / side - 1;
}

/** The lighting of a picture, measured on its border. */
interface Lighting {
  /** Coefficients of the fitted surface. */
  readonly surface: Coefficients;
  /** Mean grey level of the border. */
  readonly mean: number;
}

/**
 * Fits the quadratic surface to the border's grey levels by least squares.
 *
 * @param values [image.height, image.width]
 * @returns undefined if the surface explains too little of the border's variance
 */
function measureLighting(values: Float32Array, image: ImageSize): Lighting | undefined {
  const scale = Math.min(1, MEASURED_SIDE_PIXELS / Math.max(image.height, image.width));
  const size = { height: Math.ceil(scale * image.height), width: Math.ceil(scale * image.width) };
  const small = resample(values, image, size); // [size.height, size.width]
  // The normal equations [terms, terms + 1]; the last column is their right-hand side.
  const normal = SURFACE_TERMS.map(() => new Float64Array(SURFACE_TERMS.length + 1));
  let [count, sum, squares] = [0, 0, 0];
  visitBorder(size, (row, column) => {
    const value = small[row * size.width + column]!;
    const [x, y] = [coordinateOf(column, size.width), coordinateOf(row, size.height)];
    const sample = [...SURFACE_TERMS.map((term) => term(x, y)), value];
    for (const [term, equation] of normal.entries()) {
      for (const [other, factor] of sample.entries()) equation[other]! += sample[term]! * factor;
    }
    count += 1;
    sum += value;
    squares += value ** 2;
  });
  const rightSide = normal.map((equation) => equation[SURFACE_TERMS.length]!);
  const surface = solve(normal) as unknown as Coefficients;
  const mean = sum / count;
  const variance = squares - sum * mean;
  // The sum of the squared fitted values is the dot product of the coefficients and the right-hand side.
  const explained = surface.reduce((total, value, term) => total + value * rightSide[term]!, 0) - sum * mean;
  return variance > 0 && explained >= MIN_EXPLAINED_FRACTION * variance ? { surface, mean } : undefined;
}

/**
 * Solves linear equations by Gauss–Jordan elimination. The normal equations are positive definite, so the diagonal
 * serves as pivots.
 *
 * @param equations [n, n + 1], the right-hand side in the last column; overwritten
 * @returns the n unknowns
 */
function solve(equations: readonly Float64Array[]): number[] {
  for (const [index, pivot] of equations.entries()) {
    const scale = pivot[index]!;
    for (let column = index; column < pivot.length; column++) pivot[column]! /= scale;
    for (const [other, equation] of equations.entries()) {
      if (other === index) continue;
      const factor = equation[index]!;
      for (let column = index; column < pivot.length; column++) equation[column]! -= factor * pivot[column]!;
    }
  }
  return equations.map((equation) => equation.at(-1)!);
}
