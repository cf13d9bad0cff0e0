/** Counts of a data set: images of each class, and images that are there more than once. */
import type { Dataset } from './dataset.ts';

/**
 * Number of images of the smallest and of the largest class.
 *
 * @param indices images of the data set that count
 */
export function classSizes(
  { labels, classes }: Pick<Dataset, 'labels' | 'classes'>,
  indices: Int32Array,
): [smallest: number, largest: number] {
  const sizes = new Uint32Array(classes);
  for (const index of indices) sizes[labels[index]!]! += 1;
  return sizes.reduce<[number, number]>(
    ([smallest, largest], size) => [Math.min(smallest, size), Math.max(largest, size)],
    [labels.length, 0],
  );
}

/** Number of images that equal an earlier one, byte for byte; 0 if that was not looked for. */
export function duplicatesIn({ twins = new Int32Array() }: Pick<Dataset, 'twins'>): number {
  return twins.reduce((count, twin, index) => (twin === index ? count : count + 1), 0);
}
