/** The events of a training: those of its run, and what comes before. */
import type { BestEpoch } from '../checkpoint/progress.ts';
import type { BrokenPicture } from '../dataset/prepare/prepared-images.ts';
import type { RunEvent } from '../run/run-events.ts';
import type { BestMeasure } from '../training/best-measure.ts';
import type { TrainSettings } from './setting-types.ts';

/** Emitted while the data are read: how far it is. */
export interface LoadingEvent {
  readonly type: 'loading';
  readonly doing: 'reading' | 'decoding';
  readonly done: number;
  readonly total: number;
}

/** Something that the user should know although it is no fault, in one line. */
export interface NoticeEvent {
  readonly type: 'notice';
  readonly message: string;
}

/** Emitted while a worker waits for others, each time that they change. */
export interface WaitingEvent {
  readonly type: 'waiting';
  /** Those that are waited for, each in words; empty once the wait is over. */
  readonly for: readonly string[];
}

/** Emitted once, when everything was checked, and before anything in the run's folder is changed. */
export interface PreparedEvent {
  readonly type: 'prepared';
  /** The run's folder; absent for a dry run, and for a worker that follows. */
  readonly folder?: string;
  /** The checkpoint that the run resumes from; absent for a new run. */
  readonly resumed?: string;
  /** Every setting of the run with its value: the caller's, the recipe's, the checkpoint's, or its default. */
  readonly settings: TrainSettings;
  /** Number of epochs of the whole run. */
  readonly epochs: number;
  /** Number of workers that share each batch, and which of them this process is, from 0; absent if there is one. */
  readonly workers?: { readonly count: number; readonly rank: number };
  /** The measure that chooses the best epoch. */
  readonly bestBy: BestMeasure;
  /** The best epoch before a resume; null if there is none. */
  readonly best: BestEpoch | null;
  /** What does not make sense about the data; one line each. They come again as events after `start`. */
  readonly warnings: readonly string[];
  /** Pictures that are left out because they cannot be read; absent if there are none. */
  readonly skipped?: readonly BrokenPicture[];
}

/** Emitted instead of a run's events if the run to resume has no epoch left to train. */
export interface FinishedEvent {
  readonly type: 'finished';
  /** Steps of the run. */
  readonly step: number;
  /** Epochs of the run. */
  readonly epochs: number;
  readonly best: BestEpoch | null;
  /** The checkpoint that the run would resume from. */
  readonly checkpoint: string;
}

/** Any event of a training. */
export type TrainEvent = LoadingEvent | NoticeEvent | WaitingEvent | PreparedEvent | FinishedEvent | RunEvent;
