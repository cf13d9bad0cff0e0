/** `train`: trains a run, and emits what happens. */
import type { PreparedRun } from '../run/prepare-run.ts';
import { startRun } from '../run/start-run.ts';
import { doneNow, openTelling } from './begin.ts';
import { eventsOf } from './events-of.ts';
import { prepareTraining, type TrainFlags } from './prepare-training.ts';
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
 * Nothing is printed.
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
  const begun = doneNow(() => ({ ...readSettings(TRAIN_TABLE, settings, ['signal']), stop: settings.signal }));
  return eventsOf<TrainEvent>(async ({ emit, taken }, leaving) => {
    const { values, given, stop } = begun();
    const flags = values as unknown as TrainFlags;
    const signal = stop ? AbortSignal.any([stop, leaving]) : leaving;
    signal.throwIfAborted();
    const notice = (message: string) => emit({ type: 'notice', message });
    const run = await prepareTraining(flags, given, {
      signal,
      notice,
      onProgress: (progress) => emit({ type: 'loading', ...progress }),
    });
    try {
      if (run.finished) {
        emit(preparedEvent(run));
        const { epochs, step, best } = run.progress;
        emit({ type: 'finished', step, epochs, best, checkpoint: run.resumed?.checkpoint ?? '' });
        return;
      }
      await taken(); // the loop shows what it has before the thread stands still
      const runtime = await (open ?? openTelling(notice))(run.settings);
      emit(preparedEvent(run));
      const keepEarlier = flags['keep-earlier'];
      await startRun(run, runtime, { onEvent: emit, notice, watched, signal, ready: taken, keepEarlier });
    } finally {
      await run.lock?.release();
    }
  });
}

function preparedEvent({ folder, resumed, settings, plan, progress, warnings, data }: PreparedRun): PreparedEvent {
  const { broken = [] } = data.dataset;
  return {
    type: 'prepared',
    ...(folder === undefined ? {} : { folder }),
    ...(resumed === undefined ? {} : { resumed: resumed.checkpoint }),
    settings: namedSettings(settings),
    epochs: plan.epochs,
    bestBy: plan.bestBy,
    best: progress.best,
    warnings,
    ...(broken.length > 0 ? { skipped: broken } : {}),
  };
}
