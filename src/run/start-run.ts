/** A run from its first step to its last: its folder, its records, its engine, the loop, its checkpoints. */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { classSizes, duplicatesIn } from '../dataset/counts.ts';
import { normalisationValues } from '../dataset/normalisation.ts';
import { isInMemory, streamedBytes } from '../dataset/pixels.ts';
import type { Engine } from '../engine/engine.ts';
import { hyperparametersOf } from '../engine/hyperparameters.ts';
import { openEngine } from '../engine/open-engine.ts';
import { ExitCode, type Notice, UserError } from '../errors.ts';
import { countTrainable } from '../net/parameters.ts';
import type { Runtime } from '../runtime/open.ts';
import { chanceOf } from '../training/chance.ts';
import { warmupOf } from '../training/schedule.ts';
import { type Trained, type TrainingHooks, train } from '../training/train.ts';
import { warnIfNotBitIdentical } from './bit-identity.ts';
import { CheckpointWriter } from './checkpoint-writer.ts';
import { RUN_FILES } from './folder/run-files.ts';
import { OpenedFolder } from './opened-folder.ts';
import type { PreparedRun } from './prepare-run.ts';
import { type EndEvent, EVENT_SCHEMA, type Resumed, type RunEvent, type StartEvent } from './run-events.ts';
import { RunRecords } from './run-records.ts';
import { classWeightsIn } from './settings/class-weights.ts';
import { normalisationIn, type RunSettings } from './settings.ts';
import type { RunWorkers } from './workers/run-workers.ts';

/** Callbacks of `startRun`, and the signal that stops it. */
interface RunHooks extends Pick<TrainingHooks, 'watched' | 'signal' | 'ready'> {
  readonly onEvent: (event: RunEvent) => void;
  readonly notice: Notice;
  /** Number of folders in `earlier/` that stay once the run has a best checkpoint; default: all. */
  readonly keepEarlier?: number | undefined;
  /** The workers that train the run together; default: this process alone. */
  readonly workers?: RunWorkers | undefined;
}

/**
 * Trains a run. After every epoch the model is saved as `last.safetensors`, and as `best.safetensors` if it is the
 * best so far. When `hooks.signal` stops the run, `last.safetensors` holds the step at which it stopped.
 * The files of an earlier run in the folder are moved aside when the run first saves; if it fails before, they are as
 * they were. With workers, the signal of one stops all of them after the same step.
 *
 * @throws UserError (diverged, io, locked, device, lost), or the signal's reason once everything is saved; on workers that
 *   another has stopped, `StopAgreed`
 */
export async function startRun(run: PreparedRun, runtime: Runtime, hooks: RunHooks): Promise<void> {
  await throwPendingSignal(hooks.signal);
  checkTensorBoard(run.settings, runtime);
  const began = performance.now();
  run.lock?.assertHeld(); // the process may have stood still while the backend was loaded
  if (run.folder === undefined) return trainRun(run, runtime, hooks, began);
  const folder = await OpenedFolder.open(run.folder, run, hooks);
  try {
    await trainRun(run, runtime, hooks, began, folder);
  } finally {
    folder.close();
  }
}

/**
 * Trains a run in its folder.
 *
 * @param began the time of the start, as `performance.now()` gives it
 * @param folder undefined for a dry run, and for a worker that follows
 */
async function trainRun(
  run: PreparedRun,
  runtime: Runtime,
  hooks: RunHooks,
  began: number,
  folder?: OpenedFolder,
): Promise<void> {
  const { plan, parameters } = run;
  const { workers } = hooks;
  const records = folder && (await RunRecords.open(folder.current, run, runtime));
  const onEvent = (event: RunEvent) => {
    records?.add(event);
    hooks.onEvent(event);
  };
  const engine = engineOf(run, runtime, workers);
  const failure = new AbortController();
  const writer =
    folder &&
    records &&
    new CheckpointWriter({
      ...{ run, runtime },
      folder: () => folder.current,
      state: () => engine.state(),
      onFailure: (error) => failure.abort(error),
      onSaved: async (saved, hasBest) => onEvent(await folder.saved(saved, hasBest, records)),
    });
  const save: TrainingHooks['save'] = async (position, epoch) => {
    if (epoch && records?.tensorboard) records.addWeights(position.step, parameters, (await engine.state()).values);
    // A worker whose checkpoint failed is about to end, and the others with it.
    if (!failure.signal.aborted) await workers?.sameWeights(position.step, parameters, await engine.state());
    records?.sync(); // flush the log first: a checkpoint must never be newer than the log it belongs to
    await writer?.save(position, epoch);
  };
  try {
    warnIfNotBitIdentical(run, runtime, hooks.notice);
    onEvent(startEvent(run, runtime));
    for (const message of run.warnings) onEvent({ type: 'warning', step: run.progress.step, message });
    const { broken: pictures = [] } = run.data.dataset;
    if (pictures.length > 0) onEvent({ type: 'skipped', step: run.progress.step, pictures });
    const { agreement } = engine;
    const stop = workers && agreement ? workers.stopTogether(hooks.signal, agreement) : hooks.signal;
    const signal = AbortSignal.any([stop, failure.signal]);
    const trained = await train(engine, plan, { ...hooks, onEvent, save, signal }, run.progress).finally(() =>
      writer?.finish(),
    );
    const seconds = (performance.now() - began) / 1000;
    onEvent(endEvent(run, engine.step, trained, seconds, writer?.seconds ?? 0));
  } finally {
    engine.dispose();
    records?.close();
  }
}

/**
 * Throws the reason of a signal that arrived while the backend loaded. The event loop stands still meanwhile, and
 * delivers such a signal one turn later: wait two.
 */
async function throwPendingSignal(signal: AbortSignal): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await setImmediate();
  signal.throwIfAborted();
}

/** @throws UserError (device) if event files are wanted, but the backend is not TensorFlow, which writes them */
function checkTensorBoard({ tensorboard }: RunSettings, { backend }: Runtime): void {
  if (!tensorboard || backend === 'tensorflow') return;
  throw new UserError(
    `--tensorboard needs TensorFlow, which writes its files, but the backend is ${backend}; leave it out ` +
      '(--tensorboard=false with --resume)',
    ExitCode.device,
  );
}

function engineOf(
  { network, parameters, state, plan, settings, data }: PreparedRun,
  runtime: Runtime,
  workers: RunWorkers | undefined,
): Engine {
  const hyperparameters = hyperparametersOf(settings);
  const { freeze: frozen = [] } = settings;
  const classWeights = classWeightsIn(settings, data);
  const source = { network, parameters, state, dataset: plan.dataset, hyperparameters, frozen, classWeights };
  const shared = { normalisation: normalisationIn(settings), peers: workers?.peers(settings) };
  return openEngine(runtime, { ...source, ...shared }, !settings.opByOp);
}

function startEvent(
  { plan, progress, settings, worker, architecture, parameters, state, data, preparation, resumed }: PreparedRun,
  runtime: Runtime,
): StartEvent {
  const { epochs, batchSize, schedule, train, validation } = plan;
  const { backend, device, version } = runtime;
  const { dataset, whole } = data;
  const { source, sha256, transposed, format, classNames, channels, height, width } = dataset;
  const duplicates = duplicatesIn(dataset);
  const frozen = frozenParts({ settings, parameters, state });
  const classWeights = classWeightsIn(settings, data)?.filter((weight) => weight > 0); // 0: the class has no images
  const heldOut = whole.test.length > 0 ? { test: whole.test.length } : {};
  const { syncBatchNorm = false, reduce = 'float32' } = settings;
  return {
    type: 'start',
    schema: EVENT_SCHEMA,
    step: progress.step,
    ...{ backend, device, version, epochs, batchSize, seed: settings.seed, architecture },
    ...(worker.count === 1 ? {} : { workers: worker.count, syncBatchNorm, reduce }),
    ...(settings.recipe ? { recipe: settings.recipe } : {}),
    ...(plan.bestBy === 'loss' ? {} : { bestBy: plan.bestBy }),
    learningRate: schedule.peak,
    schedule: schedule.name,
    warmup: warmupOf({ ...schedule, epochs }),
    parameters: countTrainable(parameters),
    ...(frozen ? { frozen } : {}),
    ...(classWeights ? { classWeights: rangeOf(classWeights) } : {}),
    data: {
      ...{ source, sha256, transposed, format },
      split: { train: whole.train.length, val: whole.validation.length, ...heldOut },
      ...(classNames ? { classNames } : {}),
      ...(classNames || preparation ? { classSizes: classSizes(dataset, whole.train) } : {}),
      ...(duplicates === 0 ? {} : { duplicates }),
      input: [channels, height, width],
      normalisation: normalisationValues(normalisationIn(settings)),
      ...(preparation ? { preparation } : {}),
      ...(dataset.contents ? { padded: true } : {}),
      ...(isInMemory(dataset) ? {} : { streamedBytes: streamedBytes(dataset) }),
    },
    trainImages: train.length,
    validationImages: validation.length,
    ...(resumed ? { resumed: publicPartOf(resumed) } : {}),
  };
}

/** The smallest and the largest of numbers. */
function rangeOf(values: Float32Array): [smallest: number, largest: number] {
  return values.reduce<[number, number]>(
    ([smallest, largest], value) => [Math.min(smallest, value), Math.max(largest, value)],
    [Number.POSITIVE_INFINITY, 0],
  );
}

/** What is frozen when a run begins or resumes; undefined if nothing is, as after the thaw. */
function frozenParts({
  settings,
  parameters,
  state,
}: Pick<PreparedRun, 'settings' | 'parameters' | 'state'>): StartEvent['frozen'] {
  const { freeze, thawAt } = settings;
  const isThawed = (state.optimizer?.frozen?.steps ?? 0) > 0;
  if (!freeze || isThawed) return undefined;
  const others = parameters.filter(({ part }) => !freeze.some((frozen) => frozen === part));
  return { parts: freeze, trained: countTrainable(others), ...(thawAt === undefined ? {} : { thawAt }) };
}

/** The part of a resumption that belongs in an event; the rest is for `startRun` alone. */
function publicPartOf({ checkpoint, epoch, batch, batches, changes, recomputed }: Resumed): Resumed {
  return { checkpoint, epoch, batch, batches, changes, ...(recomputed ? { recomputed } : {}) };
}

function endEvent(
  { folder, plan, architecture }: PreparedRun,
  step: number,
  { best, early }: Trained,
  seconds: number,
  savingSeconds: number,
): EndEvent {
  // A dry run's one step says nothing about what the run would learn.
  const chance = folder && chanceOf(best, plan.dataset, plan.validation, architecture.classes);
  return {
    type: 'end',
    step,
    best,
    ...(plan.bestBy === 'loss' ? {} : { bestBy: plan.bestBy }),
    ...(early ? { early } : {}),
    ...(chance ? { chance } : {}),
    checkpoint: folder === undefined ? undefined : join(folder, RUN_FILES.best),
    seconds,
    savingSeconds,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}
