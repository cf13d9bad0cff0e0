/** An evaluation in two parts, so that a command can make its own checks before a backend is loaded. */
import type { DataFormat } from '../dataset/formats/found.ts';
import {
  type EvaluationRequest,
  evaluatePrepared,
  type PreparedEvaluation,
  prepareEvaluation,
  type SplitName,
} from '../evaluation/evaluate-checkpoint.ts';
import { type Evaluation, evaluationOf, isNearChance } from '../evaluation/evaluation.ts';
import { evaluationNeed } from '../evaluation/memory-need.ts';
import { memoryCheck } from '../memory/check.ts';
import type { RuntimeFacts } from '../runtime/choices.ts';
import type { Runtime, RuntimeChoice } from '../runtime/open.ts';
import type { Hooks } from './watch.ts';

/** The flags of an evaluation. */
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
}

/**
 * Loads the images to evaluate, as the flags say. A signal ends it, and leaves nothing behind in the cache.
 *
 * @throws UserError as `prepareEvaluation`
 */
export async function prepareImages(
  about: Pick<EvaluationRequest, 'checkpoint' | 'file' | 'runDataDir'>,
  flags: EvaluationFlags,
  { notice, onProgress, signal }: Omit<Hooks, 'open'>,
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
  const prepared = await prepareEvaluation(request, { notice, onProgress, signal });
  signal.throwIfAborted(); // images that are not decoded are loaded to the end
  return prepared;
}

/** The result of an evaluation. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  /** The backend and device that computed the evaluation. */
  readonly runtime: RuntimeFacts;
}

/**
 * Evaluates a checkpoint.
 *
 * @param hooks `onOpened` is called when the backend is loaded, before the first image
 * @throws UserError (usage) if memory is too small, else as `evaluatePrepared`
 */
export async function evaluateImages(
  prepared: PreparedEvaluation,
  flags: EvaluationFlags,
  { notice, open, onOpened, onProgress, signal }: Hooks & { readonly onOpened?: (runtime: Runtime) => void },
): Promise<Evaluated> {
  const { file, dataset, indices, warnings } = prepared;
  const compile = !flags['no-compile'];
  for (const warning of warnings) notice(`warning: ${warning}`);
  const need = evaluationNeed(file, { ...dataset, evaluated: indices.length }, flags, compile, (batch) => {
    return `give --limit-test ${batch}`;
  });
  memoryCheck(flags['no-memory-check'], notice)(need);
  const runtime = await open(flags);
  onOpened?.(runtime);
  const { backend, device, version } = runtime;
  const began = performance.now();
  const predictions = await evaluatePrepared(prepared, runtime, compile, {
    signal,
    onProgress: (done) => onProgress({ doing: 'evaluating', done, total: indices.length }),
  });
  const evaluation = evaluationOf(prepared, predictions, flags.worst, (performance.now() - began) / 1000);
  if (!file.metadata && isNearChance(evaluation.accuracy, file.architecture.classes)) {
    notice(
      "the accuracy is near that of guessing; another tool's weights may expect another normalisation (--normalize) " +
        'or another order of the classes, or have their kernels in another layout',
    );
  }
  return { evaluation, runtime: { backend, device, version } };
}
