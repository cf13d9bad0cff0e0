/** What happens in a run, as it is told to whoever listens, streamed by `--json` and kept in the run's log. */
import type { BestEpoch } from '../checkpoint/progress.ts';
import type { Metrics } from '../evaluation/metrics.ts';
import type { Architecture } from '../net/resnet.ts';
import type { RecipeName } from '../run/recipes.ts';
import type { Runtime } from '../runtime/open.ts';
import type { ScheduleName } from './schedule.ts';
import type { EarlyEnd } from './training-plan.ts';

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

/** At the first step of an epoch, every `logInterval` steps, at the last, and in between where someone watches. */
export interface StepEvent {
  readonly type: 'step';
  /** Counted from 1. */
  readonly epoch: number;
  /** Step of the run, counted from 1. */
  readonly step: number;
  /** Steps in an epoch, and which of them this was, counted from 0. */
  readonly batches: number;
  readonly batch: number;
  /** Images of this epoch seen before this step, and in all. */
  readonly seen: number;
  readonly total: number;
  /** Mean loss of this batch. */
  readonly loss: number;
  readonly learningRate: number;
  /** Means of the epoch so far. */
  readonly epochMean: Metrics;
  /** Training speed of the epoch so far. */
  readonly imagesPerSecond: number;
}

/** Whether an event is kept in the run's log and streamed by `--json`; the others are for who watches. */
export function isLogged(event: RunEvent, logInterval: number): boolean {
  if (event.type === 'step') return event.batch % logInterval === 0 || event.batch === event.batches - 1;
  return event.type !== 'validation';
}

/** While the validation images are evaluated. */
export interface ValidationEvent {
  readonly type: 'validation';
  readonly epoch: number;
  readonly done: number;
  readonly total: number;
}

/** After every epoch. */
export interface EpochEvent {
  readonly type: 'epoch';
  readonly epoch: number;
  readonly step: number;
  /** Of the epoch's last step. */
  readonly learningRate: number;
  readonly train: Metrics;
  readonly validation: Metrics;
  /** Whether this is the lowest validation loss so far. */
  readonly best: boolean;
  /** Of training alone, in images and seconds, since the run was started or resumed. */
  readonly imagesPerSecond: number;
  readonly trainSeconds: number;
  /** Of the whole epoch with its validation. */
  readonly seconds: number;
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

export type TrainingEvent = StepEvent | ValidationEvent | EpochEvent;
export type RunEvent = StartEvent | TrainingEvent | SavedEvent | EndEvent;

/** An event as it stands in JSON. */
export function jsonOf({ type, ...facts }: RunEvent): Record<string, unknown> {
  return { event: type, ...facts };
}
