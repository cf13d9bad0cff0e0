/** Reads a run's steps and epochs from its log. */
import { join } from 'node:path';
import { type Check, counter, finite, fraction, kind, orElse, positive, record } from '../checkpoint/fields.ts';
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import { ExitCode, type Notice, UserError } from '../errors.ts';
import type { Metrics } from '../evaluation/metrics.ts';
import type { MeasuredEpoch } from '../training/best-measure.ts';
import { type EpochEvent, epochsAt, type StepEvent } from '../training/events.ts';
import { SCHEDULES, type Schedule, type ScheduleName } from '../training/schedule.ts';
import { earlierFolders } from './folder/earlier-folders.ts';
import { type LogLine, readLog } from './folder/event-log.ts';
import { RUN_FILES } from './folder/run-files.ts';
import { EVENT_SCHEMA } from './run-events.ts';

/** A start of the run, the first or a resumed one, as the log holds it. */
export interface LoggedStart {
  /** Epochs trained before, with fractions. */
  readonly at: number;
  /** Number of logged steps before. */
  readonly firstStep: number;
  /** The schedule of the steps from here on; undefined if the log does not say it. */
  readonly schedule: Omit<Schedule, 'stepsPerEpoch'> | undefined;
  /** Undefined at the first start, which does not say it. */
  readonly stepsPerEpoch?: number | undefined;
}

/** A step as the log holds it. */
export type LoggedStep = Pick<StepEvent, 'epoch' | 'batch' | 'batches' | 'loss' | 'learningRate'>;

/** An epoch as the log holds it. */
export interface LoggedEpoch extends Pick<EpochEvent, 'epoch' | 'imagesPerSecond' | 'seconds'> {
  readonly train: Omit<Metrics, 'images'>;
  readonly validation: MeasuredEpoch;
}

/** The steps and epochs of a run, in the order in which they happened. */
export interface RunHistory {
  readonly starts: readonly LoggedStart[];
  readonly steps: readonly LoggedStep[];
  /** The finished epochs, at least one. */
  readonly epochs: readonly LoggedEpoch[];
  /** The epoch whose weights are in the run's best checkpoint; undefined if the log does not hold that epoch. */
  readonly best: LoggedEpoch | undefined;
}

const step: Check<LoggedStep> = record({
  epoch: positive,
  batch: counter,
  batches: positive,
  loss: finite,
  learningRate: finite,
});

const scheduleName = kind(`one of ${SCHEDULES.join(', ')}`, (value): value is ScheduleName =>
  SCHEDULES.some((name) => name === value),
);
const start = record({
  epochs: positive,
  learningRate: finite,
  schedule: scheduleName,
  warmup: orElse(undefined, finite),
  resumed: orElse(undefined, record({ epoch: positive, batch: counter, batches: positive })),
});

const metrics = record({ loss: finite, accuracy: fraction });
const validation: Check<MeasuredEpoch> = record({
  ...{ loss: finite, accuracy: fraction },
  ...{ balancedAccuracy: orElse(undefined, fraction), macroF1: orElse(undefined, fraction) },
});
const epoch: Check<LoggedEpoch> = record({
  epoch: positive,
  train: metrics,
  validation,
  imagesPerSecond: finite,
  seconds: finite,
});

/**
 * Reads a run's log. Lines that are not valid events are skipped, and `notice` names them.
 *
 * @param folder the run's folder
 * @param bestEpoch the epoch of the best checkpoint. The log alone cannot say which is best: a line may be lost, and
 *   the validation images may have changed
 * @throws UserError (checkpoint) if there is no log, if a newer version wrote it, or if no epoch is finished
 */
export async function readRunHistory(
  folder: string,
  bestEpoch: number | undefined,
  notice: Notice,
): Promise<RunHistory> {
  const path = join(folder, RUN_FILES.events);
  const lines = await readLog(path);
  checkSchema(lines, path);
  const starts: LoggedStart[] = [];
  const steps: LoggedStep[] = [];
  const epochs: LoggedEpoch[] = [];
  const damaged: number[] = [];
  for (const { number, event } of lines) {
    try {
      if (event === undefined) fail('event', 'is not an object');
      else if (event.event === 'start') starts.push(startOf(event, steps));
      else if (event.event === 'step') steps.push(step(event, 'step', fail));
      else if (event.event === 'epoch') epochs.push(epoch(event, 'epoch', fail));
    } catch (error) {
      if (!(error instanceof DamagedEvent)) throw error;
      damaged.push(number);
    }
  }
  if (damaged.length > 0) notice(`${path}: skipped what is not a valid event: ${listed(damaged)}`);
  if (epochs.length === 0) {
    throw new UserError(`${path}: no epoch of this run is finished; resume it first`, ExitCode.checkpoint);
  }
  return { starts, steps, epochs, best: epochs.findLast((each) => each.epoch === bestEpoch) };
}

/** A start after these steps; one whose fields are not all valid has no schedule. */
function startOf(event: unknown, steps: readonly LoggedStep[]): LoggedStart {
  const firstStep = steps.length;
  try {
    const { epochs, learningRate: peak, schedule: name, warmup, resumed } = start(event, 'start', fail);
    const at = resumed ? resumed.epoch - 1 + resumed.batch / resumed.batches : 0;
    return { at, firstStep, schedule: { name, peak, warmup, epochs }, stepsPerEpoch: resumed?.batches };
  } catch (error) {
    if (!(error instanceof DamagedEvent)) throw error;
    const before = steps.at(-1);
    return { at: before ? epochsAt(before) : 0, firstStep, schedule: undefined };
  }
}

/**
 * The folder whose log is that of the run that saved a checkpoint. It is the checkpoint's own, unless a new run has
 * begun there and has no best yet: then the best is still an earlier run's, whose log is in `earlier/`.
 *
 * @param folder the checkpoint's folder
 * @returns the first folder whose log has the checkpoint's epoch with its loss; `folder` if there is none
 */
export async function folderOfRecords(
  folder: string,
  checkpoint: Pick<CheckpointMetadata, 'epoch' | 'validationLoss'> | undefined,
): Promise<string> {
  if (checkpoint?.validationLoss === undefined) return folder;
  for (const each of [folder, ...earlierFolders(folder)]) {
    const lines = await readLog(join(each, RUN_FILES.events)).catch(() => []); // reading the history says what is wrong
    const isOfCheckpoint = lines.some(({ event }) => {
      const { loss } = (event?.validation ?? {}) as { loss?: unknown };
      return event?.event === 'epoch' && event.epoch === checkpoint.epoch && loss === checkpoint.validationLoss;
    });
    if (isOfCheckpoint) return each;
  }
  return folder;
}

class DamagedEvent extends Error {}

function fail(field: string, problem: string): never {
  throw new DamagedEvent(`${field} ${problem}`);
}

/** Line numbers as text, for example `line 3`, or `lines 3, 4, 5 and 2 more` for five of them. */
function listed(numbers: readonly number[]): string {
  const rest = numbers.length > 3 ? ` and ${numbers.length - 3} more` : '';
  return `line${numbers.length > 1 ? 's' : ''} ${numbers.slice(0, 3).join(', ')}${rest}`;
}

function checkSchema(lines: readonly LogLine[], path: string): void {
  const later = lines.find(({ event }) => event?.event === 'start' && Number(event.schema) > EVENT_SCHEMA);
  if (later === undefined) return;
  throw new UserError(
    `${path}: events of schema ${Number(later.event?.schema)} are newer than the ${EVENT_SCHEMA} known here; upgrade ` +
      'resnet to read them',
    ExitCode.checkpoint,
  );
}
