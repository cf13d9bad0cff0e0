/** Evaluating a checkpoint on the images of a split. */

import { type Dataset, loadDataset } from '../dataset/source.ts';
import { limitTo, splitTrainValidation } from '../dataset/split.ts';
import { withModelEngine } from '../engine/open-engine.ts';
import { ExitCode, UserError } from '../errors.ts';
import { checkNormalisation, type ModelFile, readModelFile } from '../model/model-file.ts';
import { MAX_SEED } from '../random.ts';
import type { Runtime } from '../runtime/open.ts';
import { classify, type EvaluationWatch } from './evaluate.ts';
import { meanOf } from './metrics.ts';
import { type Prediction, sumOf } from './predictions.ts';

export type Split = 'test' | 'val' | 'train';

export interface PreparedEvaluation {
  readonly dataset: Dataset;
  readonly indices: Int32Array;
  readonly file: ModelFile;
}

/**
 * Load and check images and checkpoint, in this order.
 *
 * @param options `limit`: at most so many images; default: all
 * @throws UserError (data, checkpoint, usage) where one is at fault or they do not fit each other
 */
export async function prepareEvaluation(options: {
  checkpoint: string;
  split: Split;
  dataDir?: string | undefined;
  limit?: number | undefined;
}): Promise<PreparedEvaluation> {
  const { checkpoint, split, dataDir, limit } = options;
  // How many classes there may be is known once the checkpoint is read: `checkFit` looks at that.
  const dataset = loadDataset(split === 'test' ? 'test' : 'train', { dataDir, classes: 256 });
  const file = await readModelFile(checkpoint);
  checkFit(dataset, file, checkpoint);
  const all = split === 'test' ? Int32Array.from(dataset.labels.keys()) : splitOf(dataset, file, checkpoint)[split];
  return { dataset, file, indices: limitTo(all, dataset.labels, limit ?? all.length, file.metadata?.seed ?? 0) };
}

/**
 * What the checkpoint's model says of each image.
 *
 * @param compile as in `openEngine`
 * @throws UserError (checkpoint) where the loss is not finite
 */
export async function evaluatePrepared(
  { dataset, indices, file }: PreparedEvaluation,
  runtime: Runtime,
  compile: boolean,
  watch: EvaluationWatch,
): Promise<readonly Prediction[]> {
  const predictions = await withModelEngine(runtime, file, dataset, compile, (engine) =>
    classify(engine, dataset, indices, watch),
  );
  const { loss } = meanOf(sumOf(predictions));
  if (Number.isFinite(loss)) return predictions;
  throw new UserError(`the checkpoint's loss is ${loss}: its weights are not usable`, ExitCode.checkpoint);
}

function checkFit(dataset: Dataset, file: ModelFile, checkpoint: string): void {
  checkNormalisation(file, checkpoint);
  const { architecture, metadata } = file;
  const { channels, classes } = architecture;
  const { height, width } = dataset;
  // Without metadata nothing tells the size of the images, and the network takes any.
  const expected = (metadata?.input ?? [channels, height, width]).join('×');
  const images = [dataset.channels, height, width].join('×');
  if (images !== expected) {
    throw new UserError(`${dataset.source}: images are ${images}, but ${checkpoint} reads ${expected}`, ExitCode.data);
  }
  const wrong = dataset.labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new UserError(
      `${dataset.source}: label ${wrong}: found ${dataset.labels[wrong]}, but ${checkpoint} knows 0 to ${classes - 1}`,
      ExitCode.data,
    );
  }
}

/** The split of the checkpoint's own run, found again by its seed (before that run's own `--limit-…`). */
function splitOf(
  dataset: Dataset,
  { metadata }: ModelFile,
  checkpoint: string,
): { train: Int32Array; val: Int32Array } {
  if (!metadata) {
    throw new UserError(`${checkpoint} does not tell its validation split; use --split test`, ExitCode.usage);
  }
  if (metadata.dataHash !== dataset.sha256) {
    throw new UserError(
      `${dataset.source}: these are not the training images of ${checkpoint} (their SHA-256 differs), so its ` +
        'validation split cannot be found in them; give the same --data-dir, or use --split test',
      ExitCode.data,
    );
  }
  const { seed, validationSize } = metadata;
  if (seed > MAX_SEED || validationSize >= dataset.count) {
    throw new UserError(
      `${checkpoint}: seed ${seed} and validation size ${validationSize} cannot have split ${dataset.count} images`,
      ExitCode.checkpoint,
    );
  }
  const { train, validation } = splitTrainValidation(dataset.labels, validationSize, seed);
  return { train, val: validation };
}
