/** Evaluates a checkpoint on the images of a split. */

import type { Normalisation } from '../dataset/normalisation.ts';
import { backgroundWarning, datasetWarnings } from '../dataset/sense.ts';
import { type Dataset, loadDataset } from '../dataset/source.ts';
import { limitTo, splitTrainValidation } from '../dataset/split.ts';
import { withModelEngine } from '../engine/open-engine.ts';
import { ExitCode, type Notice, UserError } from '../errors.ts';
import type { ModelFile } from '../model/model-file.ts';
import { expectedNormalisation } from '../model/model-normalisation.ts';
import type { Runtime } from '../runtime/open.ts';
import { classify, type EvaluationWatch } from './evaluate.ts';
import { meanOf } from './metrics.ts';
import { findModelData, modelDataOf } from './model-data.ts';
import { type Prediction, sumOf } from './predictions.ts';

/** Images to evaluate: those of the test set, or of the run's own validation or training split. */
export type Split = 'test' | 'val' | 'train';

/** Which data an evaluation is about. */
export interface EvaluatedData {
  /** The folder, or `MNIST`. */
  readonly source: string;
  readonly split: Split;
  /** Number of images of the whole split. */
  readonly splitImages: number;
  /** SHA-256 of the files that the split is in; see `Dataset`. */
  readonly sha256: string;
  readonly transposed: boolean;
  /** Whether the user named the folder. */
  readonly given: boolean;
  /** What the model was trained on; null if the checkpoint does not say. */
  readonly trainedOn: string | null;
}

/** A checkpoint and the images to evaluate it on. */
export interface PreparedEvaluation {
  readonly dataset: Dataset;
  readonly data: EvaluatedData;
  /** What does not make sense about the images; one line each. */
  readonly warnings: readonly string[];
  /** Images of the split, ascending. */
  readonly indices: Int32Array;
  readonly file: ModelFile;
  /** The normalisation of images that the model expects. */
  readonly normalisation: Normalisation;
}

/**
 * Loads the images, and checks that they fit the checkpoint.
 *
 * @param options `file`: what was read from `checkpoint`; `dataDir`: folder of the images, default: the data that the
 *   model was trained on; `runDataDir`: their folder as the run's configuration has it; `normalize`: see
 *   `expectedNormalisation`; `limit`: number of images at most, chosen as `limitTo` does, default: all
 * @throws UserError (data) if the images are not found, are faulty, or do not fit the checkpoint
 * @throws UserError (checkpoint) if the checkpoint cannot have made the split
 * @throws UserError (usage) if the checkpoint does not say which images its validation split has, or says another
 *   normalisation
 */
export function prepareEvaluation(options: {
  checkpoint: string;
  file: ModelFile;
  split: Split;
  dataDir?: string | undefined;
  runDataDir?: string | undefined;
  normalize?: readonly number[] | undefined;
  limit?: number | undefined;
  notice: Notice;
}): PreparedEvaluation {
  const { checkpoint, file, split, dataDir, runDataDir, limit } = options;
  const origin = { metadata: file.metadata, runDataDir };
  const model = modelDataOf(origin);
  // Any label is accepted here: `checkFit` compares the labels with the checkpoint's number of classes.
  const dataset = loadDataset(split === 'test' ? 'test' : 'train', {
    dataDir: dataDir ?? findModelData(origin, checkpoint),
    classes: 256,
    transpose: model?.transposed,
  });
  checkFit(dataset, file, checkpoint);
  const all = split === 'test' ? Int32Array.from(dataset.labels.keys()) : splitOf(dataset, file, checkpoint)[split];
  const normalisation = expectedNormalisation(file, checkpoint, options.normalize, options.notice);
  const { source, sha256, transposed } = dataset;
  const given = dataDir !== undefined;
  const trainedOn = model?.source ?? null;
  return {
    dataset,
    data: { source, split, splitImages: all.length, sha256, transposed, given, trainedOn },
    warnings: [...datasetWarnings(dataset), ...backgroundWarning(dataset, model?.background, checkpoint)],
    file,
    normalisation,
    indices: limitTo(all, dataset.labels, limit ?? all.length, file.metadata?.seed ?? 0),
  };
}

/**
 * Predicts each image with the checkpoint's model, in the order of the indices.
 *
 * @param compile see `openEngine`
 * @throws UserError (checkpoint) if the loss is not finite
 */
export async function evaluatePrepared(
  { dataset, indices, file, normalisation }: Pick<PreparedEvaluation, 'dataset' | 'indices' | 'file' | 'normalisation'>,
  runtime: Runtime,
  compile: boolean,
  watch: EvaluationWatch,
): Promise<readonly Prediction[]> {
  const predictions = await withModelEngine(runtime, { ...file, normalisation }, dataset, compile, (engine) =>
    classify(engine, dataset, indices, watch),
  );
  const { loss } = meanOf(sumOf(predictions));
  if (Number.isFinite(loss)) return predictions;
  throw new UserError(`the checkpoint's loss is ${loss}: use another checkpoint`, ExitCode.checkpoint);
}

function checkFit(dataset: Dataset, file: ModelFile, checkpoint: string): void {
  const { architecture, metadata } = file;
  const { channels, classes } = architecture;
  const { height, width } = dataset;
  // A file without metadata (PyTorch's) does not say the size of its images, and the network takes any.
  const expected = (metadata?.input ?? [channels, height, width]).join('×');
  const images = [dataset.channels, height, width].join('×');
  if (images !== expected) {
    throw new UserError(
      `${dataset.source}: images are ${images}, but ${checkpoint} reads ${expected}; give its own data with --data-dir`,
      ExitCode.data,
    );
  }
  const wrong = dataset.labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new UserError(
      `${dataset.source}: label ${wrong}: found ${dataset.labels[wrong]}, but ${checkpoint} knows 0 to ${classes - 1}; ` +
        'give its own data with --data-dir',
      ExitCode.data,
    );
  }
}

/**
 * The split of the checkpoint's own run, computed again from its seed; before that run's `--limit-train` and
 * `--limit-val`.
 */
function splitOf(
  dataset: Dataset,
  { metadata }: ModelFile,
  checkpoint: string,
): { train: Int32Array; val: Int32Array } {
  if (!metadata) {
    throw new UserError(`${checkpoint} does not name its validation split; use --split test`, ExitCode.usage);
  }
  if (metadata.dataHash !== dataset.sha256) {
    throw new UserError(
      `${dataset.source}: these are not the training images of ${checkpoint} (their SHA-256 differs), so its ` +
        'validation split cannot be found in them; give the same --data-dir, or use --split test',
      ExitCode.data,
    );
  }
  const { seed, validationSize } = metadata;
  if (validationSize >= dataset.count) {
    throw new UserError(
      `${checkpoint}: its validation size of ${validationSize} cannot have split ${dataset.count} images`,
      ExitCode.checkpoint,
    );
  }
  const { train, validation } = splitTrainValidation(dataset.labels, validationSize, seed);
  return { train, val: validation };
}
