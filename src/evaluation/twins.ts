/** Test images that the training data hold too: they show what a model remembers, not what it has learned. */
import type { Dataset } from '../dataset/dataset.ts';
import { type DataChoice, type HashedTraining, hashTraining, type LoadHooks } from '../dataset/load.ts';
import { MNIST_TEST_SHA256, MNIST_TRAINING_SHA256 } from '../dataset/mnist.ts';
import { imageOf } from '../dataset/pixels.ts';
import { sha256Of } from '../dataset/prepare/digest.ts';
import { UserError } from '../errors.ts';
import { wilsonInterval } from './metrics.ts';
import { choiceFor, type DataRequest, findModelData } from './model-data.ts';
import type { Prediction } from './predictions.ts';

/** The test images that are evaluated, and what is known of the training data. */
interface TestedImages extends Pick<DataRequest, 'checkpoint' | 'file' | 'runDataDir'> {
  readonly dataset: Dataset;
  /** Images of the data set that are evaluated. */
  readonly indices: Int32Array;
  /** How the data set was loaded. */
  readonly choice: DataChoice;
  /** Digests of the training images, where they are known; default: the training data are looked for. */
  readonly training?: HashedTraining | undefined;
}

/**
 * Finds the test images that equal an image of the training data byte for byte: their files, or their pixels in arrays. The
 * training data are all that the run trained and validated with.
 *
 * @returns undefined if the training data are not known or not at hand, and if the test images were held out of them:
 *   equal images stayed together then
 */
export async function twinsOf(tested: TestedImages, hooks: LoadHooks): Promise<ReadonlySet<number> | undefined> {
  const { dataset, indices, file, choice } = tested;
  const { metadata } = file;
  if (metadata === undefined || metadata.dataHash === dataset.sha256) return undefined;
  if (metadata.dataHash === MNIST_TRAINING_SHA256 && dataset.sha256 === MNIST_TEST_SHA256) return new Set();
  // What is left of images in IDX files that were made larger or smaller are other pixels.
  if (dataset.digestOf === undefined && (choice.size ?? choice.channels) !== undefined) return undefined;
  const { digests } = tested.training ?? (await trainingOf(tested, hooks)) ?? {};
  if (digests === undefined) return undefined;
  const trained = new Set([...(digests.train?.images ?? []), ...(digests.val?.images ?? [])]);
  const twins = new Set<number>();
  for (const index of indices) {
    const digest = dataset.digestOf ? dataset.digestOf(index) : sha256Of((await imageOf(dataset, index)).pixels);
    if (digest !== undefined && trained.has(digest)) twins.add(index);
  }
  return twins;
}

/** The training data of a model; undefined if they are not where checkpoint or run say. */
async function trainingOf(
  { file: { metadata }, runDataDir, checkpoint }: TestedImages,
  hooks: LoadHooks,
): Promise<HashedTraining | undefined> {
  if (metadata === undefined) return undefined;
  try {
    const { path, training } = await findModelData({ metadata, runDataDir }, checkpoint, hooks, true);
    return training ?? (await hashTraining({ ...choiceFor(metadata), path }, { signal: hooks.signal }, true));
  } catch (error) {
    if (error instanceof UserError) return undefined; // an evaluation never fails for the want of them
    throw error;
  }
}

/** What an evaluation says of test images that the training data hold too. */
export interface TwinFigures {
  /** How many of the evaluated images they are; null if that is not known. */
  readonly twins: number | null;
  /** Figures of the others; null if there are no twins, or nothing else. */
  readonly withoutTwins: {
    readonly images: number;
    readonly correct: number;
    readonly accuracy: number;
    /** Wilson's 95 % interval of the accuracy. */
    readonly interval: readonly [low: number, high: number];
  } | null;
}

/** @param twins see `twinsOf` */
export function twinFigures(
  predictions: readonly Pick<Prediction, 'image' | 'label' | 'predicted'>[],
  twins: ReadonlySet<number> | undefined,
): TwinFigures {
  if (twins === undefined) return { twins: null, withoutTwins: null };
  const others = predictions.filter(({ image }) => !twins.has(image));
  const count = predictions.length - others.length;
  if (count === 0 || others.length === 0) return { twins: count, withoutTwins: null };
  const correct = others.filter(({ label, predicted }) => label === predicted).length;
  const accuracy = correct / others.length;
  const interval = wilsonInterval(accuracy, others.length);
  return { twins: count, withoutTwins: { images: others.length, correct, accuracy, interval } };
}
