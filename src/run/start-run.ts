/** A run from its first step to its last. */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { hyperparametersOf } from '../engine/hyperparameters.ts';
import { openEngine } from '../engine/open-engine.ts';
import { ExitCode, type Notice, UserError } from '../errors.ts';
import { countTrainable } from '../net/parameters.ts';
import type { Runtime } from '../runtime/open.ts';
import { type TrainingHooks, train } from '../training/train.ts';
import { CheckpointWriter } from './checkpoint-writer.ts';
import { computedOn } from './config.ts';
import { RUN_FILES } from './folder/run-files.ts';
import { setAside } from './folder/run-folder.ts';
import type { PreparedRun } from './prepare-run.ts';
import { EVENT_SCHEMA, type Resumed, type RunEvent, type StartEvent } from './run-events.ts';
import { RunRecords } from './run-records.ts';

export interface RunHooks extends Pick<TrainingHooks, 'watched' | 'signal'> {
  readonly onEvent: (event: RunEvent) => void;
  readonly notice: Notice;
}

/**
 * Train; after every epoch save it as `last.safetensors`, and as `best.safetensors` where it is the best so far. When
 * `hooks.signal` stops it, `last.safetensors` holds the very step that it was stopped at.
 *
 * @throws UserError (diverged, io, device), or the signal's reason once all is saved
 */
export async function startRun(run: PreparedRun, runtime: Runtime, hooks: RunHooks): Promise<void> {
  // While a backend is loaded the event loop stands still. The turn that then ends has asked for signals before: a signal
  // that came meanwhile is heard in the next.
  for (let turn = 0; turn < 2; turn++) await setImmediate();
  hooks.signal.throwIfAborted();
  const { folder, plan, progress, network, parameters, state, settings } = run;
  if (settings.tensorboard && runtime.backend !== 'tensorflow') {
    throw new UserError(
      `--tensorboard needs TensorFlow, which writes its files, but the backend is ${runtime.backend}; leave it out ` +
        '(--tensorboard=false with --resume)',
      ExitCode.device,
    );
  }
  const began = performance.now();
  await run.resumed?.settle();
  const aside = run.resumed || folder === undefined ? undefined : await setAside(folder, new Date());
  if (aside !== undefined) hooks.notice(`an earlier run's files were moved to ${aside}`);
  const records = folder === undefined ? undefined : await RunRecords.open(folder, run, runtime);
  const onEvent = (event: RunEvent) => {
    records?.add(event);
    hooks.onEvent(event);
  };
  const hyperparameters = hyperparametersOf(settings);
  const source = { network, parameters, state, dataset: plan.dataset, hyperparameters };
  const engine = openEngine(runtime, source, !settings.opByOp);
  const failure = new AbortController();
  const onFailure = (error: unknown) => failure.abort(error);
  const options = { run, runtime, state: () => engine.state(), onSaved: onEvent, onFailure };
  const writer = folder === undefined ? undefined : new CheckpointWriter({ ...options, folder });
  const save: TrainingHooks['save'] = async (place, epoch) => {
    if (epoch) records?.summaries?.addWeights(place.step, parameters, (await engine.state()).values);
    records?.sync(); // what a checkpoint is behind of must not be lost with the power
    await writer?.save(place, epoch);
  };
  try {
    warnOfOtherBits(run, runtime, hooks.notice);
    onEvent(startEvent(run, runtime));
    const signal = AbortSignal.any([hooks.signal, failure.signal]);
    const { best, early } = await train(engine, plan, { ...hooks, onEvent, save, signal }, progress).finally(() =>
      writer?.finish(),
    );
    onEvent({
      type: 'end',
      step: engine.step,
      best,
      ...(early ? { early } : {}),
      checkpoint: folder === undefined ? undefined : join(folder, RUN_FILES.best),
      seconds: (performance.now() - began) / 1000,
      savingSeconds: writer?.seconds ?? 0,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    });
  } finally {
    engine.dispose();
    records?.close();
  }
}

/** Says so where a resumed run will not be the same, to the last bit, as if it had never stopped. */
function warnOfOtherBits({ resumed, settings }: PreparedRun, runtime: Runtime, notice: Notice): void {
  if (!resumed) return;
  const describe = ({ backend, device, version, compiled }: ReturnType<typeof computedOn>) =>
    `${backend} ${version} on the ${device}${compiled ? '' : ', op by op'}`;
  const now = describe(computedOn(runtime, settings));
  const before = resumed.computedOn && describe(resumed.computedOn);
  if (before !== undefined && before !== now) {
    notice(`the checkpoint was computed by ${before}, and goes on by ${now}: not equal to the last bit`);
  } else if (runtime.device === 'gpu') {
    notice('a GPU adds in no fixed order: the run goes on at the same place, but not equal to the last bit');
  }
}

function startEvent(
  { plan, progress, settings, architecture, parameters, resumed }: PreparedRun,
  runtime: Runtime,
): StartEvent {
  const { epochs, batchSize, schedule, train, validation } = plan;
  const { backend, device, version } = runtime;
  return {
    type: 'start',
    schema: EVENT_SCHEMA,
    step: progress.step,
    ...{ backend, device, version, epochs, batchSize, seed: settings.seed, architecture },
    ...(settings.recipe ? { recipe: settings.recipe } : {}),
    learningRate: schedule.peak,
    schedule: schedule.name,
    parameters: countTrainable(parameters),
    trainImages: train.length,
    validationImages: validation.length,
    ...(resumed ? { resumed: placeOf(resumed) } : {}),
  };
}

/** Where the run goes on, without what only it needs. */
function placeOf({ checkpoint, epoch, batch, batches, changes, recomputed }: Resumed): Resumed {
  return { checkpoint, epoch, batch, batches, changes, ...(recomputed ? { recomputed } : {}) };
}
