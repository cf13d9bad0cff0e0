/** Splits the training images into those to train on and those to validate with. */
import { ExitCode, UserError } from '../errors.ts';
import { RandomGenerator } from '../random.ts';
import type { Dataset } from './source.ts';

/**
 * Splits the training images in two. The validation images are stratified: each class has the same fraction as in all
 * images. The split depends only on the labels, `validationSize` and the seed.
 *
 * @param labels labels of all images [count]
 * @param validationSize number of validation images
 * @returns indices of images, ascending
 * @throws UserError (data) if there are fewer than two images
 * @throws UserError (usage) if `validationSize` is not a positive integer or leaves no image to train on
 */
export function splitTrainValidation(
  labels: Uint8Array,
  validationSize: number,
  seed: number,
): { train: Int32Array; validation: Int32Array } {
  if (labels.length < 2) {
    throw new UserError('the training data hold one image: two are needed, to train and to validate', ExitCode.data);
  }
  if (!Number.isInteger(validationSize) || validationSize < 1 || validationSize >= labels.length) {
    throw new UserError(
      `--val-size must be a whole number from 1 to ${labels.length - 1}, got ${validationSize}: ` +
        `of ${labels.length} training images at least one must be left`,
      ExitCode.usage,
    );
  }
  const all = Int32Array.from(labels.keys());
  const validation = stratifiedSubset(all, labels, validationSize, RandomGenerator.seeded(seed, 'split'));
  const validationSet = new Set(validation);
  return { train: all.filter((index) => !validationSet.has(index)), validation };
}

/**
 * A random subset of images for a quick run, stratified by class.
 *
 * @param indices indices of the images to choose from
 * @param labels labels of all images [count]
 * @param size number of images to keep, at least 1; all are kept if there are fewer
 * @returns indices of the kept images, ascending
 */
export function limitTo(indices: Int32Array, labels: Uint8Array, size: number, seed: number): Int32Array {
  if (size >= indices.length) return indices;
  return stratifiedSubset(indices, labels, size, RandomGenerator.seeded(seed, 'subset'));
}

/**
 * A random subset in which each class has the same fraction as in `indices`. The largest remainder method (Hamilton's
 * method) rounds the number of images of each class.
 */
function stratifiedSubset(
  indices: Int32Array,
  labels: Uint8Array,
  size: number,
  generator: RandomGenerator,
): Int32Array {
  const classes = Array.from({ length: 256 }, (): number[] => []); // a label is one byte
  for (const index of indices) classes[labels[index]!]!.push(index);
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
  /** The two splits before the number of their images was limited. */
  readonly whole: { readonly train: Int32Array; readonly validation: Int32Array };
}

/** How a data set is split into training and validation images. */
export interface SplitOptions {
  /** Number of validation images. */
  readonly validationSize: number;
  readonly seed: number;
  /** Largest number of training images to use; default: all. */
  readonly limitTrain?: number | undefined;
  /** Largest number of validation images to use; default: all. */
  readonly limitValidation?: number | undefined;
}

/**
 * Splits a data set into training and validation images, and limits the number of each.
 *
 * @throws UserError (data) if the data set has fewer than two images
 * @throws UserError (usage) if `validationSize` is not a positive integer or leaves no image to train on
 */
export function splitTrainingData(dataset: Dataset, options: SplitOptions): TrainingData {
  const { validationSize, seed, limitTrain, limitValidation } = options;
  const whole = splitTrainValidation(dataset.labels, validationSize, seed);
  const limit = (indices: Int32Array, size = indices.length) => limitTo(indices, dataset.labels, size, seed);
  return {
    dataset,
    train: limit(whole.train, limitTrain),
    validation: limit(whole.validation, limitValidation),
    whole,
  };
}
