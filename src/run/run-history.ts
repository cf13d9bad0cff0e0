/** What a run's log tells of its steps and epochs. */
import { join } from 'node:path';
import { type Check, counter, finite, fraction, positive, record } from '../checkpoint/fields.ts';
import { ExitCode, type Notice, UserError } from '../errors.ts';
import type { Metrics } from '../evaluation/metrics.ts';
import type { EpochEvent, StepEvent } from '../training/events.ts';
import { type LogLine, readLog } from './folder/event-log.ts';
import { RUN_FILES } from './folder/run-files.ts';
import { EVENT_SCHEMA } from './run-events.ts';

export type LoggedStep = Pick<StepEvent, 'epoch' | 'batch' | 'batches' | 'loss' | 'learningRate'>;

export interface LoggedEpoch extends Pick<EpochEvent, 'epoch' | 'imagesPerSecond' | 'seconds'> {
  readonly train: Omit<Metrics, 'images'>;
  readonly validation: Omit<Metrics, 'images'>;
}

export interface RunHistory {
  readonly steps: readonly LoggedStep[];
  /** At least one. */
  readonly epochs: readonly LoggedEpoch[];
  /** The one whose weights the run's best checkpoint has; undefined where the log does not know it. */
  readonly best: LoggedEpoch | undefined;
}

const step: Check<LoggedStep> = record({
  epoch: positive,
  batch: counter,
  batches: positive,
  loss: finite,
  learningRate: finite,
});

const metrics = record({ loss: finite, accuracy: fraction });
const epoch: Check<LoggedEpoch> = record({
  epoch: positive,
  train: metrics,
  validation: metrics,
  imagesPerSecond: finite,
  seconds: finite,
});

/**
 * Reads a run's log. A line that is no event, or one with a damaged field, is left out, and said so.
 *
 * @param folder of the run
 * @param bestEpoch what its checkpoint says: the log may have lost a line, or have been validated on other images since
 * @throws UserError (checkpoint) where there is no log, it is of a later version of this tool, or no epoch is finished
 */
export async function readRunHistory(
  folder: string,
  bestEpoch: number | undefined,
  notice: Notice,
): Promise<RunHistory> {
  const path = join(folder, RUN_FILES.events);
  const lines = await readLog(path);
  checkSchema(lines, path);
  const steps: LoggedStep[] = [];
  const epochs: LoggedEpoch[] = [];
  const damaged: number[] = [];
  for (const { number, event } of lines) {
    try {
      if (event === undefined) fail('event', 'is none');
      else if (event.event === 'step') steps.push(step(event, 'step', fail));
      else if (event.event === 'epoch') epochs.push(epoch(event, 'epoch', fail));
    } catch (error) {
      if (!(error instanceof DamagedEvent)) throw error;
      damaged.push(number);
    }
  }
  if (damaged.length > 0) notice(`${path}: left out what is no event: ${listed(damaged)}`);
  if (epochs.length === 0) {
    throw new UserError(`${path}: no epoch of this run is finished; go on with it first`, ExitCode.checkpoint);
  }
  return { steps, epochs, best: epochs.findLast((each) => each.epoch === bestEpoch) };
}

class DamagedEvent extends Error {}

function fail(field: string, problem: string): never {
  throw new DamagedEvent(`${field} ${problem}`);
}

/** Line 3; lines 3, 4 and 5 more */
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
