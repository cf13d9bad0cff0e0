/** Compares the hashes of two images. */
import { LEVELS, type PictureHashes } from './picture-hash.ts';

/**
 * Most grey levels (root of the mean square over 8 × 9 of them) that near duplicates differ by, and most of their
 * contrast. Of 89 pieces of photographs, 88 are found again after JPEG of quality 75 and 76 after being halved and
 * doubled, and no two pieces are paired. Of MNIST's 60,000 digits 1,801 pairs are found, all of them of ones, which do
 * look the same.
 */
export const MAX_DIFFERENCE_LEVELS = 4;
const MAX_DIFFERENCE_FRACTION = 1 / 40;

/** Least difference of an image's lightest and darkest of 8 × 9 levels: plainer images are all alike. */
export const MIN_CONTRAST_LEVELS = 24;

/** How many of 64 bits two images differ by. */
export function distanceOf({ bits }: PictureHashes, one: number, other: number): number {
  return bitCount(bits[2 * one]! ^ bits[2 * other]!) + bitCount(bits[2 * one + 1]! ^ bits[2 * other + 1]!);
}

/** Mean level of each image, [count]. Those of images that are alike differ by `MAX_DIFFERENCE_LEVELS` at most. */
export function meansOf({ levels }: PictureHashes): Float64Array {
  return Float64Array.from({ length: levels.length / LEVELS }, (_, index) => {
    let sum = 0;
    for (let at = index * LEVELS; at < (index + 1) * LEVELS; at++) sum += levels[at]!;
    return sum / LEVELS;
  });
}

/**
 * The most that the grey levels of each image may differ from another's: sum of squares, [count]. Faint images must be
 * more alike.
 */
export function mostDifferences(hashes: PictureHashes): Float64Array {
  return Float64Array.from({ length: hashes.levels.length / LEVELS }, (_, index) => {
    const most = Math.min(MAX_DIFFERENCE_LEVELS, Math.max(1, MAX_DIFFERENCE_FRACTION * contrastOf(hashes, index)));
    return LEVELS * most ** 2;
  });
}

/** Difference of an image's lightest and darkest level. */
export function contrastOf({ levels }: PictureHashes, index: number): number {
  let [least, most] = [255, 0];
  for (let at = index * LEVELS; at < (index + 1) * LEVELS; at++) {
    least = Math.min(least, levels[at]!);
    most = Math.max(most, levels[at]!);
  }
  return most - least;
}

/** Whether the grey levels of two images differ by little: by `most` at most, as a sum of squares. */
export function areAlike({ levels }: PictureHashes, one: number, other: number, most: number): boolean {
  let left = most;
  for (let at = 0; at < LEVELS && left >= 0; at++) {
    left -= (levels[one * LEVELS + at]! - levels[other * LEVELS + at]!) ** 2;
  }
  return left >= 0;
}

/** Number of ones among 32 bits. */
function bitCount(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
