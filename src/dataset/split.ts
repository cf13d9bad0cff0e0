import { ExitCode, UserError } from '../errors.ts';
import { RandomGenerator } from '../random.ts';
import type { Dataset } from './source.ts';

/**
 * Parts the training images: the validation images have the classes' shares of the whole, and depend on the seed alone.
 * @param labels [count]
 * @returns indices of images, ascending
 * @throws {UserError} exit 2 if `validationSize` is not a positive integer or leaves no image to train on
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
      `--val-size must be an integer from 1 to ${labels.length - 1}, got ${validationSize}: ` +
        `of ${labels.length} training images at least one must be left`,
      ExitCode.usage,
    );
  }
  const all = Int32Array.from(labels.keys());
  const validation = stratifiedSubset(all, labels, validationSize, RandomGenerator.seeded(seed, 'split'));
  const held = new Set(validation);
  return { train: all.filter((index) => !held.has(index)), validation };
}

/**
 * A smaller set of images for a quick run, with the classes' shares of the larger.
 * @param indices the images to choose from
 * @param labels [count], of all images
 * @param size how many to keep, at least 1; all of them if there are fewer
 * @returns ascending indices
 */
export function limitTo(indices: Int32Array, labels: Uint8Array, size: number, seed: number): Int32Array {
  if (size >= indices.length) return indices;
  return stratifiedSubset(indices, labels, size, RandomGenerator.seeded(seed, 'subset'));
}

/** Seats are given to classes by largest remainder (Hamilton's method), within a class by lot. */
function stratifiedSubset(
  indices: Int32Array,
  labels: Uint8Array,
  size: number,
  generator: RandomGenerator,
): Int32Array {
  const classes = Array.from({ length: 256 }, (): number[] => []);
  for (const index of indices) classes[labels[index]!]!.push(index);
  const seats = classes.map((members) => Math.floor((members.length * size) / indices.length));
  const remainders = classes.map((members) => (members.length * size) % indices.length);
  const left = size - seats.reduce((sum, count) => sum + count);
  const byRemainder = [...remainders.keys()].sort((a, b) => remainders[b]! - remainders[a]!);
  for (const label of byRemainder.slice(0, left)) seats[label]! += 1;

  const chosen = classes.flatMap((members, label) => {
    const order = Int32Array.from(members);
    generator.shuffle(order);
    return [...order.subarray(0, seats[label])];
  });
  return Int32Array.from(chosen).sort();
}

export interface TrainingData {
  readonly dataset: Dataset;
  /** Indices of images, ascending. */
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

export interface SplitOptions {
  readonly validationSize: number;
  readonly seed: number;
  /** At most so many images of each part; default: all. */
  readonly limitTrain?: number | undefined;
  readonly limitValidation?: number | undefined;
}

/** @throws UserError (data, usage) where the split leaves nothing */
export function splitTrainingData(dataset: Dataset, options: SplitOptions): TrainingData {
  const { validationSize, seed, limitTrain, limitValidation } = options;
  const { train, validation } = splitTrainValidation(dataset.labels, validationSize, seed);
  const limit = (indices: Int32Array, size = indices.length) => limitTo(indices, dataset.labels, size, seed);
  return { dataset, train: limit(train, limitTrain), validation: limit(validation, limitValidation) };
}
