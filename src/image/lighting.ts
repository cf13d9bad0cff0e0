/** Light that falls unevenly on the paper, as it does in photographs. */
import type { Image } from '../dataset/source.ts';
import { visitBorder } from './border.ts';
import { resample } from './resample.ts';
import type { ImageSize } from './size.ts';

/** A picture with a shorter side than this is too small to have light and shade of its own. */
const LEAST_SIDE = 16;

/** To so many pixels on the longer side a picture is reduced before its light is measured: noise is averaged away. */
const MEASURED_SIDE = 64;

/** The light is taken for uneven where it explains this share of the border's variance: a digit that touches it does not. */
const LEAST_EXPLAINED = 0.85;

/** Light falls off towards a side or towards the corners: its terms, of x and y from −1 to 1. */
const TERMS = [
  () => 1,
  (x: number) => x,
  (_: number, y: number) => y,
  (x: number) => x * x,
  (x: number, y: number) => x * y,
  (_: number, y: number) => y * y,
] as const;

type Coefficients = readonly [number, number, number, number, number, number];

/**
 * The grey levels as they would be in even light: without the quadratic surface that fits the border, if one does.
 *
 * @returns [height, width], of the border's mean where there is nothing but paper
 */
export function evenLight(image: Image): Float32Array {
  const { pixels, height, width } = image;
  const values = Float32Array.from(pixels);
  const light = Math.min(height, width) < LEAST_SIDE ? undefined : measureLight(values, image);
  if (light === undefined) return values;
  const [one, x1, y1, xx, xy, yy] = light.surface;
  for (let row = 0; row < height; row++) {
    const y = place(row, height);
    for (let column = 0; column < width; column++) {
      const x = place(column, width);
      values[row * width + column]! += light.mean - (one + (x1 + xx * x + xy * y) * x + (y1 + yy * y) * y);
    }
  }
  return values;
}

/** The middle of a pixel, from −1 at one edge to 1 at the other. */
function place(index: number, side: number): number {
  return (2 * index + 1) / side - 1;
}

interface Light {
  /** Of `TERMS`. */
  readonly surface: Coefficients;
  /** Of the border. */
  readonly mean: number;
}

/** By least squares; undefined where the surface explains too little. */
function measureLight(values: Float32Array, image: ImageSize): Light | undefined {
  const scale = Math.min(1, MEASURED_SIDE / Math.max(image.height, image.width));
  const size = { height: Math.ceil(scale * image.height), width: Math.ceil(scale * image.width) };
  const small = resample(values, image, size);
  const normal = TERMS.map(() => new Float64Array(TERMS.length + 1)); // the right side is the last column
  let [count, sum, squares] = [0, 0, 0];
  visitBorder(size, (row, column) => {
    const value = small[row * size.width + column]!;
    const [x, y] = [place(column, size.width), place(row, size.height)];
    const known = [...TERMS.map((term) => term(x, y)), value];
    for (const [term, equation] of normal.entries()) {
      for (const [other, factor] of known.entries()) equation[other]! += known[term]! * factor;
    }
    count += 1;
    sum += value;
    squares += value ** 2;
  });
  const rightSide = normal.map((equation) => equation[TERMS.length]!);
  const surface = solve(normal) as unknown as Coefficients;
  const mean = sum / count;
  const variance = squares - sum * mean;
  // The fitted values' sum of squares is the coefficients' product with the right side.
  const explained = surface.reduce((total, value, term) => total + value * rightSide[term]!, 0) - sum * mean;
  return variance > 0 && explained >= LEAST_EXPLAINED * variance ? { surface, mean } : undefined;
}

/**
 * Gauss–Jordan elimination; the equations are positive definite, so it needs no other pivots.
 *
 * @param equations [n, n + 1], changed
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
