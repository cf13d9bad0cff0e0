/** Splits images into those to train on, those to validate with, and, where the data have none, those to test with. */
import { ExitCode, UserError } from '../errors.ts';
import { RandomGenerator } from '../random.ts';
import { type Dataset, indicesUpTo } from './dataset.ts';
import type { Labels } from './formats/found.ts';
import { isMnist } from './mnist.ts';

/** Fraction of the images that are validation images, and of those that are test images, unless the user says. */
const HELD_OUT = 0.1;

/** Number of validation images of MNIST, unless the user says. */
const MNIST_VALIDATION_IMAGES = 5000;

/** Images of a split, as indices in ascending order. */
export interface Split {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** Images held out because the data have no test part; empty if they have one. */
  readonly test: Int32Array;
}

/** How many images are held out, and by which seed. */
export interface HeldOut {
  /** Number of validation images, or their fraction of all if below 1; of no effect on data with a validation part. */
  readonly validationSize: number;
  /** The same of test images; of no effect on data with a test part. Default: a tenth. */
  readonly testSize?: number | undefined;
  readonly seed: number;
}

/** What a split depends on. */
type SplitData = Pick<Dataset, 'labels' | 'givenValidation' | 'lacksTest' | 'twins'>;

/** The validation size of a new run whose user gives none: 5,000 of MNIST's images, a tenth of other data. */
export function usualValidationSize(dataset: Pick<Dataset, 'sha256'>): number {
  return isMnist(dataset) ? MNIST_VALIDATION_IMAGES : HELD_OUT;
}

/** The number of validation images that a size means for these data. */
export function validationCount(size: number, { labels, givenValidation = 0 }: SplitData): number {
  return givenValidation > 0 ? givenValidation : countOf(size, labels.length);
}

/**
 * Splits images. What is held out is stratified: each class has the same fraction of it as of all images. Images that
 * are equal byte by byte stay together where the data tell them, so that no image is tested or validated with that was
 * trained on; a part can then have a few images less than its size. The split depends only on labels, twins, sizes and
 * seed.
 *
 * @throws UserError (data) if there are fewer images than parts to be made of them
 * @throws UserError (usage) if a size is no positive number, or leaves no image to train on
 */
export function splitImages(data: SplitData, { validationSize, testSize = HELD_OUT, seed }: HeldOut): Split {
  const { labels, givenValidation = 0, lacksTest = false, twins } = data;
  const all = indicesUpTo(labels.length);
  const own = all.subarray(0, all.length - givenValidation);
  const left = givenValidation > 0 ? 1 : 2; // to train, and to validate
  expectImages(own.length, lacksTest ? left + 1 : left);
  const test = lacksTest
    ? heldOut(own, data, sizeOf('--test-size', testSize, own.length, left), RandomGenerator.seeded(seed, 'test'))
    : new Int32Array();
  const rest = test.length === 0 ? own : without(own, test);
  if (givenValidation > 0) return { train: rest, validation: all.subarray(own.length), test };
  // A fraction is one of all images, so that 0.1 and 0.1 leave 0.8 to train on.
  const size = sizeOf('--val-size', validationSize, rest.length, 1, own.length);
  const validation = heldOut(rest, { labels, twins }, size, RandomGenerator.seeded(seed, 'split'));
  return { train: without(rest, validation), validation, test };
}

/** @throws UserError (data) if there are fewer images than parts to be made of them */
function expectImages(images: number, parts: number): void {
  if (images >= parts) return;
  const count = images === 1 ? 'one image' : `${images} images`;
  const needed = ['one is', 'two are', 'three are'][parts - 1];
  throw new UserError(
    `the training data hold ${count}: ${needed} needed, for each part that is made of them; add some`,
    ExitCode.data,
  );
}

/** The number of images that a size means, of so many. */
function countOf(size: number, images: number): number {
  return size < 1 && size > 0 ? Math.max(1, Math.round(size * images)) : size;
}

/**
 * Checks the size of a part.
 *
 * @param images number of images that it is taken of
 * @param left number of them that must be left
 * @param whole number of images of which a fraction is meant; default: `images`
 * @returns its number of images
 */
function sizeOf(flag: string, size: number, images: number, left: number, whole = images): number {
  const count = countOf(size, whole);
  const most = images - left;
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  const asked = count === size || Number.isNaN(size) ? `${size}` : `${size} (${count} images)`;
  throw new UserError(
    `${flag} must be a whole number from 1 to ${most}, got ${asked}: ` +
      `of ${images} training images at least ${left === 1 ? 'one' : 'two'} must be left`,
    ExitCode.usage,
  );
}

/**
 * A random subset of images for a quick run, stratified by class.
 *
 * @param indices indices of the images to choose from
 * @param labels labels of all images [count]
 * @param size number of images to keep, at least 1; all are kept if there are fewer
 * @returns indices of the kept images, ascending
 */
export function limitTo(indices: Int32Array, labels: Labels, size: number, seed: number): Int32Array {
  if (size >= indices.length) return indices;
  return stratifiedSubset(indices, labels, size, RandomGenerator.seeded(seed, 'subset'));
}

/** A random part of the images, stratified by class; equal images are all in it, or none is. */
function heldOut(
  indices: Int32Array,
  { labels, twins }: SplitData,
  size: number,
  generator: RandomGenerator,
): Int32Array {
  if (twins === undefined) return stratifiedSubset(indices, labels, size, generator);
  const firsts = indices.filter((index) => twins[index] === index);
  // Of the different images the same fraction is taken as of all.
  const share = Math.min(firsts.length - 1, Math.max(1, Math.round((size * firsts.length) / indices.length)));
  const chosen = new Set(stratifiedSubset(firsts, labels, share, generator));
  return indices.filter((index) => chosen.has(twins[index]!));
}

function without(indices: Int32Array, others: Int32Array): Int32Array {
  const excluded = new Uint8Array((indices.at(-1) ?? 0) + 1); // indices ascend
  for (const index of others) excluded[index] = 1;
  return indices.filter((index) => excluded[index] === 0);
}

/**
 * A random subset in which each class has the same fraction as in `indices`. The largest remainder method (Hamilton's
 * method) rounds the number of images of each class.
 */
function stratifiedSubset(indices: Int32Array, labels: Labels, size: number, generator: RandomGenerator): Int32Array {
  const classes: number[][] = [];
  for (const index of indices) {
    const label = labels[index]!;
    while (classes.length <= label) classes.push([]);
    classes[label]!.push(index);
  }
  const quotas = classes.map((members) => Math.floor((members.length * size) / indices.length));
  const remainders = classes.map((members) => (members.length * size) % indices.length);
  const unassigned = size - quotas.reduce((sum, count) => sum + count);
  const byRemainder = [...remainders.keys()].sort((a, b) => remainders[b]! - remainders[a]!);
  for (const label of byRemainder.slice(0, unassigned)) quotas[label]! += 1;

  const chosen = classes.flatMap((members, label) => {
    const order = Int32Array.from(members);
    generator.shuffle(order);
    return [...order.subarray(0, quotas[label])];
  });
  return Int32Array.from(chosen).sort();
}

/** A data set and its split into training and validation images. */
export interface TrainingData {
  readonly dataset: Dataset;
  /** Indices of the images to train on, ascending. */
  readonly train: Int32Array;
  /** Indices of the images to validate with, ascending. */
  readonly validation: Int32Array;
  /** The splits before the number of their images was limited. */
  readonly whole: Split;
}

/** How a data set is split into training and validation images. */
export interface SplitOptions extends HeldOut {
  /** Largest number of training images to use; default: all. */
  readonly limitTrain?: number | undefined;
  /** Largest number of validation images to use; default: all. */
  readonly limitValidation?: number | undefined;
}

/**
 * Splits a data set into training and validation images, and limits the number of each.
 *
 * @throws UserError (data, usage) as `splitImages`
 */
export function splitTrainingData(dataset: Dataset, options: SplitOptions): TrainingData {
  const { seed, limitTrain, limitValidation } = options;
  const whole = splitImages(dataset, options);
  const limit = (indices: Int32Array, size = indices.length) => limitTo(indices, dataset.labels, size, seed);
  return {
    dataset,
    train: limit(whole.train, limitTrain),
    validation: limit(whole.validation, limitValidation),
    whole,
  };
}
