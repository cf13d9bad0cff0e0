/** Evaluates a checkpoint on the images of a split. */

import type { Dataset } from '../dataset/dataset.ts';
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
import { choiceOf, type DataRequest, modelDataOf } from './model-data.ts';
import { type EvaluatedPrediction, sumOf } from './predictions.ts';
import { twinsOf } from './twins.ts';

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
  /** Those of them that the training data hold too; undefined if that is not known. See `twinsOf`. */
  readonly twins?: ReadonlySet<number> | undefined;
  readonly file: ModelFile;
  /** The normalisation of images that the model expects. */
  readonly normalisation: Normalisation;
  /** What logits are divided by for probabilities, see `temperatureOf`; undefined: they stay as they are. */
  readonly temperature?: number | undefined;
}

/** Which checkpoint is evaluated on which images. */
export interface EvaluationRequest extends DataRequest {
  readonly split: SplitName;
  /** See `expectedNormalisation`. */
  readonly normalize?: readonly number[] | undefined;
  /** Number of images at most, chosen as `limitTo` does; default: all. */
  readonly limit?: number | undefined;
  /** Whether the checkpoint's temperature is left out; default: it is used. */
  readonly withoutTemperature?: boolean | undefined;
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
  const model = modelDataOf({ metadata, runDataDir });
  const { choice, training } = await choiceOf(request, hooks, split === 'test');
  const dataset = await loadForModel(request, choice, split === 'test' ? 'test' : 'train', hooks);
  const all = indicesOf(dataset, split, file, checkpoint);
  await fillPadding(dataset, file, all);
  const normalisation = expectedNormalisation(file, checkpoint, request.normalize, hooks.notice);
  const { source, sha256, transposed } = dataset;
  const given = dataDir !== undefined;
  const indices = limitTo(all, dataset.labels, limit ?? all.length, metadata?.seed ?? 0);
  const trainedOn = model?.source ?? null;
  // Grey pictures have no certain background: two parts of the same data would be told apart.
  const judgesBackground = given || metadata?.preparation?.as !== 'picture';
  return {
    dataset,
    data: { source, split, splitImages: all.length, sha256, transposed, given, trainedOn },
    warnings: [
      ...brokenWarning(dataset),
      ...(await datasetWarnings(dataset)),
      ...(judgesBackground ? await backgroundWarning(dataset, model?.background, checkpoint) : []),
    ],
    file,
    normalisation,
    temperature: request.withoutTemperature ? undefined : metadata?.temperature,
    indices,
    twins: split === 'test' ? await twinsOf({ ...request, dataset, indices, choice, training }, hooks) : undefined,
  };
}

/**
 * Loads images for a model, with the labels and names of its classes, and checks that they fit it.
 *
 * @param choice see `choiceOf`
 * @param part as in `loadDataset`
 * @throws UserError (data) as `prepareEvaluation`
 */
export async function loadForModel(
  { checkpoint, file }: Pick<DataRequest, 'checkpoint' | 'file'>,
  choice: DataChoice,
  part: 'train' | 'test',
  hooks: LoadHooks & { readonly notice: Notice },
): Promise<Dataset> {
  const dataset = withClassesOf(file, await loadDataset(part, choice, hooks), checkpoint, hooks.notice);
  checkFit(dataset, file, checkpoint);
  return dataset;
}

/**
 * Fills the images' padding with the colour that it had in training; of a file of another tool, with their mean colour. The
 * padding of digits stays 0.
 */
export async function fillPadding(dataset: Dataset, { metadata }: ModelFile, indices: Int32Array): Promise<void> {
  const fill = metadata ? metadata.preparation?.fill : await meanColour(dataset, indices);
  if (fill) fillAll(dataset, fill);
}

/** A warning about pictures that were left out because they cannot be read. */
function brokenWarning({ broken: [first, ...others] = [] }: Dataset): string[] {
  if (first === undefined) return [];
  return [`${1 + others.length} of the pictures cannot be read and are left out; the first: ${first.problem}`];
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
