/** What happens in a run, as events: the run streams them with `--json` and keeps them in its log. */
import type { BestEpoch } from '../checkpoint/progress.ts';
import type { Architecture } from '../net/resnet.ts';
import type { Runtime } from '../runtime/open.ts';
import type { TrainingEvent } from '../training/events.ts';
import type { ScheduleName } from '../training/schedule.ts';
import type { EarlyEnd } from '../training/training-plan.ts';
import type { RecipeName } from './settings.ts';

/** Raised when a reader of events would misread a field; new fields and new events do not raise it. */
export const EVENT_SCHEMA = 1;

/** A setting that is another than when the run was last stopped. */
export interface ChangedSetting {
  /** Its name on the command line. */
  readonly name: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** When all is ready, at the start of a run and each time it is resumed. */
export interface StartEvent extends Pick<Runtime, 'backend' | 'device' | 'version'> {
  readonly type: 'start';
  readonly schema: typeof EVENT_SCHEMA;
  /** Steps taken before. */
  readonly step: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** Where settings that were not given are from. */
  readonly recipe?: RecipeName;
  /** The highest, and how it goes on from there. */
  readonly learningRate: number;
  readonly schedule: ScheduleName;
  readonly seed: number;
  readonly architecture: Architecture;
  /** Trained values. */
  readonly parameters: number;
  readonly trainImages: number;
  readonly validationImages: number;
  /** Absent at the start of a run. */
  readonly resumed?: Resumed | undefined;
}

export interface Resumed {
  readonly checkpoint: string;
  /** The epoch that goes on, counted from 1; steps taken in it before, and steps that it has. */
  readonly epoch: number;
  readonly batch: number;
  readonly batches: number;
  readonly changes: readonly ChangedSetting[];
  /** The schedule, if the changes make its rates from here on others; else absent. */
  readonly recomputed?: ScheduleName;
}

/** Whether an event is kept in the run's log and streamed by `--json`; the others are for who watches. */
export function isLogged(event: RunEvent, logInterval: number): boolean {
  if (event.type === 'step') return event.batch % logInterval === 0 || event.batch === event.batches - 1;
  return event.type !== 'validation';
}

/** When `last.safetensors` is on the disk: training may be some steps further by then. */
export interface SavedEvent {
  readonly type: 'saved';
  /** That it holds. */
  readonly step: number;
  /** Finished epochs that it holds. */
  readonly epochs: number;
  readonly checkpoint: string;
}

/** When all epochs are done, or no further one is to be begun. */
export interface EndEvent {
  readonly type: 'end';
  readonly step: number;
  readonly best: BestEpoch;
  /** Why before the last epoch; absent where all are done. */
  readonly early?: EarlyEnd;
  /** Where the best epoch lies; absent where nothing is saved. */
  readonly checkpoint?: string | undefined;
  /** Since the run was started or resumed. */
  readonly seconds: number;
  /** For which training stood still to save. */
  readonly savingSeconds: number;
  readonly peakMemoryBytes: number;
}

export type RunEvent = StartEvent | TrainingEvent | SavedEvent | EndEvent;

/** An event as it stands in JSON. */
export function jsonOf({ type, ...facts }: RunEvent): Record<string, unknown> {
  return { event: type, ...facts };
}
