/** Chooses the mix of red, green and blue in which a picture's ink stands out from its paper. */
import type { ImageSize } from './size.ts';

/** A grey level as a weighted sum: offset + Σ weights · (red, green, blue). It is between 0 and 255. */
export interface ColourMix {
  readonly weights: readonly [red: number, green: number, blue: number];
  readonly offset: number;
}

/** The luma of ITU-R BT.709: how light a colour is to the eye. */
export const LUMA: ColourMix = { weights: [0.2126, 0.7152, 0.0722], offset: 0 };

/** Contrast of luma below which another mix is looked for, in levels: that of pure yellow on white is 18. */
const LOW_CONTRAST_LEVELS = 32;

/** How many times the contrast of luma another mix must have. */
const MIN_GAIN = 2;

/** Side of the cells whose mean colours are compared, as a fraction of the picture's shorter side. Means have less noise. */
const CELL_FRACTION = 1 / 128;

/** Distance of the cells that are compared, in cells: wider than a blurred edge. */
const DISTANCE_CELLS = 2;

/** Fraction of all pairs of cells that differ by the contrast at least: less than the edges of a small digit are. */
const EDGE_PAIRS_FRACTION = 0.001;

/** Steps of the power iteration. Its error falls by the ratio of the two largest eigenvalues at each. */
const ITERATIONS = 16;

/**
 * The mix in which the edges of a picture have the most contrast, if luma shows almost none of it, as of red ink on
 * blue paper that is as light; luma otherwise. It is the principal direction of the differences of colour between near
 * pixels (Di Zenzo, A Note on the Gradient of a Multi-Image, 1986). Light that changes slowly hardly counts in them.
 *
 * @param pixels [height, width, 4]: red, green, blue and alpha, all opaque
 */
export function clearestMix(pixels: Uint8Array, size: ImageSize): ColourMix {
  const differences = colourDifferences(pixels, size);
  const luma = contrastOf(differences, LUMA);
  if (luma >= LOW_CONTRAST_LEVELS) return LUMA;
  const weights = principalDirection(differences);
  const negative = weights.reduce((sum, weight) => sum - Math.min(0, weight), 0);
  const mix = { weights, offset: 255 * negative };
  return contrastOf(differences, mix) >= MIN_GAIN * Math.max(1, luma) ? mix : LUMA;
}

/** The differences [pairs, 3] in red, green and blue between the mean colours of near cells, across and down. */
function colourDifferences(pixels: Uint8Array, size: ImageSize): Float32Array {
  const { means, height, width } = cellMeans(pixels, size);
  const differences = new Float32Array(2 * means.length);
  let count = 0;
  for (let cell = 0; cell < height * width; cell++) {
    for (const other of [
      (cell % width) + DISTANCE_CELLS < width ? cell + DISTANCE_CELLS : -1,
      cell + DISTANCE_CELLS * width,
    ]) {
      if (other < 0 || other >= height * width) continue;
      for (let colour = 0; colour < 3; colour++) {
        differences[count++] = means[3 * cell + colour]! - means[3 * other + colour]!;
      }
    }
  }
  return differences.subarray(0, count);
}

/** The mean colours [height, width, 3] of square cells; what is left over at the right and below belongs to none. */
function cellMeans(pixels: Uint8Array, size: ImageSize): ImageSize & { means: Float32Array } {
  const side = Math.max(1, Math.round(CELL_FRACTION * Math.min(size.height, size.width)));
  const [height, width] = [Math.floor(size.height / side), Math.floor(size.width / side)];
  const means = new Float32Array(3 * height * width);
  const share = 1 / side ** 2;
  for (let row = 0; row < side * height; row++) {
    for (let column = 0; column < side * width; column++) {
      const pixel = 4 * (row * size.width + column);
      const cell = 3 * (Math.floor(row / side) * width + Math.floor(column / side));
      means[cell]! += share * pixels[pixel]!;
      means[cell + 1]! += share * pixels[pixel + 1]!;
      means[cell + 2]! += share * pixels[pixel + 2]!;
    }
  }
  return { means, height, width };
}

/** The difference in levels that the edges of a picture have in a mix. */
function contrastOf(differences: Float32Array, { weights: [red, green, blue] }: ColourMix): number {
  const counts = new Uint32Array(257); // pairs by their difference
  for (let at = 0; at < differences.length; at += 3) {
    const level = red * differences[at]! + green * differences[at + 1]! + blue * differences[at + 2]!;
    counts[Math.round(Math.abs(level))]! += 1;
  }
  let [level, left] = [256, (EDGE_PAIRS_FRACTION * differences.length) / 3];
  while (level > 0 && left >= counts[level]!) left -= counts[level--]!;
  return level;
}

/** The weights, whose absolute values sum to 1, along which the colours differ most. */
function principalDirection(differences: Float32Array): [red: number, green: number, blue: number] {
  const products = new Float64Array(9); // [3, 3], summed
  for (let at = 0; at < differences.length; at += 3) {
    for (let entry = 0; entry < 9; entry++) {
      products[entry]! += differences[at + Math.floor(entry / 3)]! * differences[at + (entry % 3)]!;
    }
  }
  const at = (row: number, column: number) => products[3 * row + column]!;
  // The colour that differs most is not at right angles to the direction.
  const most = at(0, 0) >= at(1, 1) && at(0, 0) >= at(2, 2) ? 0 : at(1, 1) >= at(2, 2) ? 1 : 2;
  let direction: [number, number, number] = [at(most, 0), at(most, 1), at(most, 2)];
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const [red, green, blue] = direction;
    const sums = [0, 1, 2].map((row) => at(row, 0) * red + at(row, 1) * green + at(row, 2) * blue) as typeof direction;
    const length = sums.reduce((sum, value) => sum + Math.abs(value), 0) || 1;
    direction = [sums[0] / length, sums[1] / length, sums[2] / length];
  }
  return direction;
}
