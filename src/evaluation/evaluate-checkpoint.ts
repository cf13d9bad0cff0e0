/** Evaluates a checkpoint on the images of a split. */

import type { Dataset } from '../dataset/dataset.ts';
import { type DataFormat, MOST_CLASSES } from '../dataset/formats/found.ts';
import { type DataChoice, type LoadHooks, loadDataset } from '../dataset/load.ts';
import type { Normalisation } from '../dataset/normalisation.ts';
import { backgroundWarning, datasetWarnings } from '../dataset/sense.ts';
import { limitTo } from '../dataset/split.ts';
import { fillAll, meanColour } from '../dataset/statistics.ts';
import { withModelEngine } from '../engine/open-engine.ts';
import { ExitCode, type Notice, UserError } from '../errors.ts';
import type { ModelFile } from '../model/model-file.ts';
import { expectedNormalisation } from '../model/model-normalisation.ts';
import type { Runtime } from '../runtime/open.ts';
import { classify, type EvaluationWatch } from './evaluate.ts';
import { checkFit, indicesOf, type SplitName } from './evaluated-images.ts';
import { withClassesOf } from './match-classes.ts';
import { meanOf } from './metrics.ts';
import { choiceFor, findModelData, modelDataOf } from './model-data.ts';
import { type EvaluatedPrediction, sumOf } from './predictions.ts';

export type { SplitName } from './evaluated-images.ts';

/** Which data an evaluation is about. */
export interface EvaluatedData {
  /** The folder, or `MNIST`. */
  readonly source: string;
  readonly split: SplitName;
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
  /** What logits are divided by for probabilities, see `temperatureOf`; undefined: they stay as they are. */
  readonly temperature?: number | undefined;
}

/** Which checkpoint is evaluated on which images. */
export interface EvaluationRequest {
  readonly checkpoint: string;
  /** What was read from `checkpoint`. */
  readonly file: ModelFile;
  readonly split: SplitName;
  /** Where the images are; default: the data that the model was trained on. */
  readonly dataDir?: string | undefined;
  /** Their format; default: found out. */
  readonly dataFormat?: DataFormat | undefined;
  /** Columns of a CSV or Parquet file; default: those that the run was trained with, else the usual names. */
  readonly columns?: DataChoice['columns'];
  /** The path of the training data as the run's configuration has it. */
  readonly runDataDir?: string | undefined;
  /** See `expectedNormalisation`. */
  readonly normalize?: readonly number[] | undefined;
  /** Number of images at most, chosen as `limitTo` does; default: all. */
  readonly limit?: number | undefined;
  /** Whether the checkpoint's temperature is left out; default: it is used. */
  readonly withoutTemperature?: boolean | undefined;
  /** Whether pictures that cannot be read are left out; default: as in training. */
  readonly skipBroken?: boolean | undefined;
}

/**
 * Loads the images, and checks that they fit the checkpoint.
 *
 * @throws UserError (data) if the images are not found, are faulty, or do not fit the checkpoint
 * @throws UserError (checkpoint) if the checkpoint cannot have made the split
 * @throws UserError (usage) if the checkpoint does not say which images its validation split has, or says another
 *   normalisation
 */
export async function prepareEvaluation(
  request: EvaluationRequest,
  hooks: LoadHooks & { readonly notice: Notice },
): Promise<PreparedEvaluation> {
  const { checkpoint, file, split, dataDir, runDataDir, limit } = request;
  const { metadata } = file;
  const origin = { metadata, runDataDir };
  const model = modelDataOf(origin);
  const loaded = await loadDataset(split === 'test' ? 'test' : 'train', await choiceOf(request), hooks);
  const dataset = withClassesOf(file, loaded, checkpoint, hooks.notice);
  checkFit(dataset, file, checkpoint);
  const all = indicesOf(dataset, split, file, checkpoint);
  const fill = metadata ? metadata.preparation?.fill : meanColour(dataset, all); // the padding of digits stays 0
  if (fill) fillAll(dataset, fill);
  const normalisation = expectedNormalisation(file, checkpoint, request.normalize, hooks.notice);
  const { source, sha256, transposed } = dataset;
  const given = dataDir !== undefined;
  const trainedOn = model?.source ?? null;
  // Grey pictures have no certain background: two parts of the same data would be told apart.
  const judgesBackground = given || metadata?.preparation?.as !== 'picture';
  return {
    dataset,
    data: { source, split, splitImages: all.length, sha256, transposed, given, trainedOn },
    warnings: [
      ...brokenWarning(dataset),
      ...datasetWarnings(dataset),
      ...(judgesBackground ? backgroundWarning(dataset, model?.background, checkpoint) : []),
    ],
    file,
    normalisation,
    temperature: request.withoutTemperature ? undefined : metadata?.temperature,
    indices: limitTo(all, dataset.labels, limit ?? all.length, metadata?.seed ?? 0),
  };
}

/** A warning about pictures that were left out because they cannot be read. */
function brokenWarning({ broken: [first, ...others] = [] }: Dataset): string[] {
  if (first === undefined) return [];
  return [`${1 + others.length} of the pictures cannot be read and are left out; the first: ${first.problem}`];
}

/** The data to load: those that the user names, else those of the model. */
async function choiceOf(request: EvaluationRequest): Promise<DataChoice> {
  const { checkpoint, file, dataDir, dataFormat, columns, runDataDir, skipBroken } = request;
  const { metadata } = file;
  const own = metadata ? choiceFor(metadata) : picturesFor(file);
  const read = {
    skipBroken: skipBroken ?? own.skipBroken,
    columns: {
      file: columns?.file ?? own.columns?.file,
      label: columns?.label ?? own.columns?.label,
      split: columns?.split ?? own.columns?.split,
    },
  };
  // Any bare label is accepted here: `checkFit` compares the labels with the checkpoint's number of classes.
  const anyLabel = own.classNames === undefined || dataDir !== undefined ? { classes: MOST_CLASSES } : {};
  if (dataDir === undefined) {
    const path = await findModelData({ metadata, runDataDir }, checkpoint);
    return { ...own, ...read, ...anyLabel, isOwn: true, path };
  }
  // Other data have their own classes, which are compared by name.
  return { ...own, ...read, ...anyLabel, path: dataDir, format: dataFormat, classNames: undefined };
}

/** How pictures are read for a file of another tool: it does not say their size. */
function picturesFor({ architecture: { channels } }: ModelFile): DataChoice {
  return channels === 1 || channels === 3 ? { channels } : {};
}

/** A model and the images that it is evaluated on. */
type EvaluatedModel = Pick<PreparedEvaluation, 'dataset' | 'indices' | 'file' | 'normalisation' | 'temperature'>;

/**
 * Predicts each image with the checkpoint's model, in the order of the indices.
 *
 * @param compile see `openEngine`
 * @throws UserError (checkpoint) if the loss is not finite
 */
export async function evaluatePrepared(
  { dataset, indices, file, normalisation, temperature }: EvaluatedModel,
  runtime: Runtime,
  compile: boolean,
  watch: EvaluationWatch,
): Promise<readonly EvaluatedPrediction[]> {
  const predictions = await withModelEngine(runtime, { ...file, normalisation }, dataset, compile, (engine) =>
    classify(engine, dataset, indices, watch, temperature),
  );
  const { loss } = meanOf(sumOf(predictions));
  if (Number.isFinite(loss)) return predictions;
  throw new UserError(`the checkpoint's loss is ${loss}: use another checkpoint`, ExitCode.checkpoint);
}
