/** `evaluate`: tells how well a checkpoint classifies images. */
import type { PreparedEvaluation } from '../evaluation/evaluate-checkpoint.ts';
import { documented } from '../evaluation/json.ts';
import type { RunPlace } from '../run/folder/find-run.ts';
import type { Runtime } from '../runtime/open.ts';
import { begin } from './begin.ts';
import { type Evaluated, type EvaluationFlags, evaluateImages, prepareImages } from './evaluation.ts';
import type { EvaluationFacts } from './evaluation-facts.ts';
import { type ModelFlags, type NamedModel, placeOfModel, readModelAt, runDataDirOf } from './named-model.ts';
import type { EvaluateSettings } from './setting-types.ts';
import { EVALUATE_TABLE } from './tables.ts';
import type { Hooks, Watch } from './watch.ts';

/** An evaluated checkpoint, and the images that it was evaluated on. */
export interface EvaluatedModel extends Evaluated, Pick<NamedModel, 'checkpoint'> {
  readonly prepared: PreparedEvaluation;
}

/** Hooks of an evaluation. */
export type EvaluationHooks = Hooks & {
  /** Called when the backend is loaded, before the first image. */
  readonly onOpened?: (runtime: Runtime, prepared: PreparedEvaluation) => void;
};

/**
 * Tells how well a checkpoint classifies images: the test images of its data, or those that the settings name. Nothing is
 * printed.
 *
 * @param settings the flags of `resnet eval` in camel case, a signal and callbacks; default: the run in `checkpoints`
 * @returns what `resnet eval --json` prints
 * @throws UserError with one of `ExitCode`; the signal's reason
 */
export async function evaluate(settings: EvaluateSettings & Watch = {}): Promise<EvaluationFacts> {
  const { flags, given, hooks } = begin<EvaluationFlags & ModelFlags>(EVALUATE_TABLE, settings);
  return factsOf(await evaluateAt(await placeOfModel(given, hooks.notice), flags, hooks));
}

/** Reads the checkpoint at a place and evaluates it. */
export async function evaluateAt(
  place: RunPlace,
  flags: EvaluationFlags & Pick<ModelFlags, 'from'>,
  hooks: EvaluationHooks,
): Promise<EvaluatedModel> {
  return evaluateModel(await readModelAt(place, flags, hooks.notice), flags, hooks);
}

/** Evaluates a checkpoint that was read. */
export async function evaluateModel(
  { checkpoint, file }: NamedModel,
  flags: EvaluationFlags,
  hooks: EvaluationHooks,
): Promise<EvaluatedModel> {
  const about = { checkpoint, file, runDataDir: await runDataDirOf(checkpoint) };
  const prepared = await prepareImages(about, flags, hooks);
  const onOpened = (runtime: Runtime) => hooks.onOpened?.(runtime, prepared);
  return { prepared, checkpoint, ...(await evaluateImages(prepared, flags, { ...hooks, onOpened })) };
}

/** The facts of an evaluation under their documented names. */
export function factsOf({ evaluation, prepared, checkpoint, runtime }: EvaluatedModel): EvaluationFacts {
  return documented({ ...evaluation, data: prepared.data, checkpoint, ...runtime });
}
