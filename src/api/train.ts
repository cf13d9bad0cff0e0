/** `train`: trains a run, and emits what happens. */
import { type Cluster, clusterOf } from '../cluster/cluster.ts';
import type { LoadHooks } from '../dataset/load.ts';
import type { Notice } from '../errors.ts';
import type { PreparedRun } from '../run/prepare-run.ts';
import { settingsOf } from '../run/settings.ts';
import { startRun } from '../run/start-run.ts';
import { factsOf } from '../run/workers/run-facts.ts';
import { RunWorkers } from '../run/workers/run-workers.ts';
import { doneNow, openTelling } from './begin.ts';
import { type EventSink, eventsOf } from './events-of.ts';
import { checkShared, prepareTraining, type TrainFlags } from './prepare-training.ts';
import { namedSettings } from './run-settings.ts';
import type { TrainSettings } from './setting-types.ts';
import { readSettings } from './settings.ts';
import { TRAIN_TABLE } from './tables.ts';
import type { PreparedEvent, TrainEvent } from './train-events.ts';
import type { Hooks, Stoppable } from './watch.ts';

/** What only a command has beside settings. */
export interface TrainingDisplay {
  /** Opens the backend; default: as the library does for others. */
  readonly open?: Hooks['open'];
  /** Whether step events come twice a second too, whatever `logInterval` is; default: no. */
  readonly watched?: boolean;
}

/**
 * Trains a new run, or with `resume` one that was stopped. Training waits while the loop works on an event. It stops after
 * the present step when the loop is left (`break`, `return`, an error) or the signal is aborted: then `last.safetensors`
 * holds that step, memory is free, and the folder's lock is removed before the loop's next statement runs.
 *
 * Nothing is printed. With `cluster` or TF_CONFIG this process is one of several workers that train the run together: a
 * loop that is left stops all of them. A worker that has lost another may hold a native call that never ends: then end the
 * process.
 *
 * @param settings the flags of `resnet train` in camel case, taken at the call, and a signal; default: MNIST, recipe `fast`
 * @returns the events, in their order
 * @throws UserError with one of `ExitCode`; the signal's reason, after everything is saved
 */
export function train(settings: TrainSettings & Stoppable = {}): AsyncGenerator<TrainEvent, void, void> {
  return trainAndShow(settings, {});
}

/** `train` for a command, which opens the backend itself and shows a live line. */
export function trainAndShow(
  settings: TrainSettings & Stoppable,
  { open, watched = false }: TrainingDisplay,
): AsyncGenerator<TrainEvent, void, void> {
  const begun = doneNow(() => {
    const { values, given } = readSettings(TRAIN_TABLE, settings, ['signal']);
    const flags = values as unknown as TrainFlags;
    return { flags, given, cluster: clusterIn(flags, given), stop: settings.signal };
  });
  return eventsOf<TrainEvent>(async (sink, leaving) => {
    const { flags, given, cluster, stop } = begun();
    const signal = stop ? AbortSignal.any([stop, leaving]) : leaving;
    signal.throwIfAborted();
    const { emit } = sink;
    const notice = (message: string) => emit({ type: 'notice', message });
    const training = { ...sink, flags, given, signal, notice, watched, open: open ?? openTelling(notice) };
    if (cluster === undefined) return trainPrepared(training);
    const onWaiting = (others: readonly string[]) => emit({ type: 'waiting', for: others });
    const workers = await RunWorkers.join(cluster, { notice, onWaiting, signal });
    try {
      await trainPrepared({ ...training, workers });
    } catch (error) {
      throw await workers.leave(error, signal);
    } finally {
      workers.close();
    }
  });
}

/** A training that begins. */
interface Training extends EventSink<TrainEvent> {
  readonly flags: TrainFlags;
  readonly given: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly notice: Notice;
  readonly watched: boolean;
  readonly open: Hooks['open'];
  /** The workers that train together; default: this process alone. */
  readonly workers?: RunWorkers;
}

async function trainPrepared(training: Training): Promise<void> {
  const { emit, taken, flags, given, signal, notice, watched, open, workers } = training;
  workers?.state('loading the data');
  if (flags.resume !== undefined) await workers?.leaderIsReady();
  const onProgress: LoadHooks['onProgress'] = (progress) => emit({ type: 'loading', ...progress });
  const run = await prepareTraining(flags, given, { signal, notice, onProgress }, workers?.place);
  try {
    await workers?.ready(factsOf(run));
    if (run.finished) {
      emit(preparedEvent(run));
      const { epochs, step, best } = run.progress;
      emit({ type: 'finished', step, epochs, best, checkpoint: run.resumed?.checkpoint ?? '' });
    } else {
      await taken(); // the loop shows what it has before the thread stands still
      const runtime = await open(run.settings);
      emit(preparedEvent(run));
      const keepEarlier = flags['keep-earlier'];
      await startRun(run, runtime, { onEvent: emit, notice, watched, signal, ready: taken, keepEarlier, workers });
    }
    await workers?.done();
  } finally {
    await run.lock?.release();
  }
}

/** The workers that train together, from the settings or the environment; undefined: this process alone. */
function clusterIn(flags: TrainFlags, given: Training['given']): Cluster | undefined {
  const { cluster, rank, 'control-port': controlPort, 'start-limit': startLimit } = flags;
  const found = clusterOf({ cluster, rank, controlPort, startLimit }, process.env);
  if (found) checkShared(flags['dry-run'] ?? false, settingsOf(given));
  return found;
}

function preparedEvent({
  folder,
  resumed,
  settings,
  worker,
  plan,
  progress,
  warnings,
  data,
}: PreparedRun): PreparedEvent {
  const { broken = [] } = data.dataset;
  return {
    type: 'prepared',
    ...(folder === undefined ? {} : { folder }),
    ...(resumed === undefined ? {} : { resumed: resumed.checkpoint }),
    settings: namedSettings(settings),
    epochs: plan.epochs,
    ...(worker.count === 1 ? {} : { workers: { count: worker.count, rank: worker.rank } }),
    bestBy: plan.bestBy,
    best: progress.best,
    warnings,
    ...(broken.length > 0 ? { skipped: broken } : {}),
  };
}
