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
  return imagesOfClasses({ labels, classes }, indices).reduce<[number, number]>(
    ([smallest, largest], size) => [Math.min(smallest, size), Math.max(largest, size)],
    [labels.length, 0],
  );
}

/** Number of images of each class, [classes], among those of the indices. */
export function imagesOfClasses(
  { labels, classes }: Pick<Dataset, 'labels' | 'classes'>,
  indices: Int32Array,
): Uint32Array {
  const sizes = new Uint32Array(classes);
  for (const index of indices) sizes[labels[index]!]! += 1;
  return sizes;
}

/** From this many times the smallest class's images on, the largest class is too large for both to be learned alike. */
const UNEQUAL_FROM_TIMES = 10;

/** A class and the number of its images. */
export interface ClassCount {
  readonly label: number;
  readonly images: number;
}

/** The smallest and the largest class of data whose classes are unequal. */
export interface UnequalClasses {
  readonly smallest: ClassCount;
  readonly largest: ClassCount;
}

/**
 * The smallest of the classes that have images, and the largest; of equal ones the first.
 *
 * @param sizes number of images of each class, in the order of the labels
 * @returns undefined unless the largest has at least ten times as many images
 */
export function unequalClasses(sizes: Iterable<number>): UnequalClasses | undefined {
  const present = Array.from(sizes, (images, label) => ({ label, images })).filter(({ images }) => images > 0);
  const [first, ...others] = present;
  if (first === undefined) return undefined;
  const smallest = others.reduce((least, each) => (each.images < least.images ? each : least), first);
  const largest = others.reduce((most, each) => (each.images > most.images ? each : most), first);
  return largest.images >= UNEQUAL_FROM_TIMES * smallest.images ? { smallest, largest } : undefined;
}

/** Number of images that equal an earlier one, byte for byte; 0 if that was not looked for. */
export function duplicatesIn({ twins = new Int32Array() }: Pick<Dataset, 'twins'>): number {
  return twins.reduce((count, twin, index) => (twin === index ? count : count + 1), 0);
}
