/** Compares two arrays of levels. */

/**
 * Mean and largest difference between two images' levels.
 *
 * @throws Error if one is longer
 */
export function differences(image: Uint8Array, expected: Uint8Array): { mean: number; most: number } {
  if (image.length !== expected.length) throw new Error(`${image.length} levels, not ${expected.length}`);
  let [sum, most] = [0, 0];
  for (const [at, level] of image.entries()) {
    const difference = Math.abs(level - expected[at]!);
    sum += difference;
    most = Math.max(most, difference);
  }
  return { mean: sum / image.length, most };
}
