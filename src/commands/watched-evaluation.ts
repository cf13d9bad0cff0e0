/** Evaluates a checkpoint for `resnet eval` and `resnet report`, with a live line. */

import type { Dataset } from '../dataset/dataset.ts';
import type { DataFormat } from '../dataset/formats/found.ts';
import {
  type EvaluationRequest,
  evaluatePrepared,
  type PreparedEvaluation,
  prepareEvaluation,
  type SplitName,
} from '../evaluation/evaluate-checkpoint.ts';
import { evaluationResult } from '../evaluation/evaluation-result.ts';
import { evaluationNeed } from '../evaluation/memory-need.ts';
import type { Prediction } from '../evaluation/predictions.ts';
import { twinFigures } from '../evaluation/twins.ts';
import { memoryCheck } from '../memory/check.ts';
import { type Evaluation, evaluationDataLines } from '../report/evaluation.ts';
import { runtimeLine } from '../report/runtime-line.ts';
import type { Runtime, RuntimeChoice } from '../runtime/open.ts';
import type { LiveLine } from './live-line.ts';
import { loadHooks } from './load-hooks.ts';
import { openWithNotice } from './open-runtime.ts';
import { interruptible } from './signals.ts';

/** The flags that both commands have. */
export interface EvaluationFlags extends RuntimeChoice {
  readonly 'data-dir'?: string;
  readonly 'data-format'?: DataFormat;
  readonly 'file-column'?: string;
  readonly 'label-column'?: string;
  readonly 'split-column'?: string;
  readonly 'skip-broken'?: boolean;
  readonly split: SplitName;
  readonly normalize?: readonly number[];
  readonly 'limit-test'?: number;
  readonly 'data-memory'?: number;
  readonly worst: number;
  readonly 'no-temperature'?: boolean;
  readonly 'no-compile'?: boolean;
  readonly 'no-memory-check'?: boolean;
  readonly json?: boolean;
}

/**
 * Loads the images to evaluate, as the flags say, with their progress on the live line. A signal ends it, and leaves
 * nothing behind in the cache.
 */
export function prepareImages(
  about: Pick<EvaluationRequest, 'checkpoint' | 'file' | 'runDataDir'>,
  flags: EvaluationFlags,
  live: LiveLine,
): Promise<PreparedEvaluation> {
  const { split, normalize } = flags;
  const columns = { file: flags['file-column'], label: flags['label-column'], split: flags['split-column'] };
  const data = {
    dataDir: flags['data-dir'],
    dataFormat: flags['data-format'],
    columns,
    skipBroken: flags['skip-broken'],
    dataMemory: flags['data-memory'],
  };
  const withoutTemperature = flags['no-temperature'];
  const request = { ...about, ...data, split, normalize, limit: flags['limit-test'], withoutTemperature };
  return interruptible(nothingChanged, async (signal) => {
    const prepared = await prepareEvaluation(request, loadHooks(live, signal));
    signal.throwIfAborted(); // images that are not decoded are loaded to the end
    return prepared;
  });
}

/** The result of an evaluation. */
interface WatchedEvaluation {
  readonly evaluation: Evaluation;
  /** The backend and device that computed the evaluation. */
  readonly runtime: Pick<Runtime, 'backend' | 'device' | 'version'>;
}

/** Evaluates a checkpoint. Prints the backend, unless `--json` is given, and shows the progress on the live line. */
export async function watchedEvaluation(
  prepared: PreparedEvaluation,
  flags: EvaluationFlags,
  live: LiveLine,
): Promise<WatchedEvaluation> {
  const { file, dataset, indices, data, warnings } = prepared;
  for (const warning of warnings) live.warn(warning);
  const need = evaluationNeed(file, { ...dataset, evaluated: indices.length }, flags, !flags['no-compile'], (batch) => {
    return `give --limit-test ${batch}`;
  });
  memoryCheck(flags['no-memory-check'], (message) => live.note(`${message}\n`))(need);
  live.update('loading the backend');
  const runtime = await openWithNotice(flags, live);
  const { backend, device, version } = runtime;
  if (!flags.json) live.print(`${runtimeLine(runtime)}\n${evaluationDataLines(data, indices.length)}`);
  const began = performance.now();
  const predictions = await interruptible(nothingChanged, (signal) => {
    const onProgress = (done: number) => live.update(`evaluating ${done}/${indices.length}`);
    return evaluatePrepared(prepared, runtime, !flags['no-compile'], { onProgress, signal });
  });
  const seconds = (performance.now() - began) / 1000;
  const { classes } = file.architecture;
  const result = evaluationResult(predictions, classes, flags.worst, dataset.classNames, prepared.temperature);
  const evaluation = {
    split: flags.split,
    ...result,
    ...twinFigures(predictions, prepared.twins),
    worst: result.worst.map((mistake) => withImageName(mistake, dataset)),
    seconds,
    imagesPerSecond: predictions.length / seconds,
  };
  if (!file.metadata && isNearChance(evaluation.accuracy, classes)) {
    live.note(
      "the accuracy is near that of guessing; another tool's weights may expect another normalisation (--normalize) " +
        'or another order of the classes, or have their kernels in another layout\n',
    );
  }
  return { evaluation, runtime: { backend, device, version } };
}

const nothingChanged = () => 'nothing was changed';

/** A mistake with the name of its image; images of IDX files have none but their number. */
function withImageName(mistake: Prediction, { format, nameOf }: Dataset): Prediction {
  if (format === 'idx' || nameOf === undefined) return mistake;
  const { image, ...rest } = mistake;
  return { image, imageName: nameOf(image), ...rest };
}

/** Whether an accuracy is below twice that of guessing; with fewer than 3 classes below half-way from there to 1. */
function isNearChance(accuracy: number, classes: number): boolean {
  return accuracy < Math.min(2 / classes, (1 + 1 / classes) / 2);
}
