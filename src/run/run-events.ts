/** The events of a run: `--json` prints them, and the run's log keeps them. */

import type { StoredPreparation } from '../checkpoint/preparation.ts';
import type { BestEpoch } from '../checkpoint/progress.ts';
import type { DataFormat } from '../dataset/formats/found.ts';
import type { BrokenPicture } from '../dataset/prepare/prepared-images.ts';
import type { BodyPart } from '../net/parts.ts';
import type { Architecture } from '../net/resnet.ts';
import type { RuntimeFacts } from '../runtime/choices.ts';
import type { Reduction } from '../runtime/graph/collectives.ts';
import type { BestMeasure } from '../training/best-measure.ts';
import type { Chance } from '../training/chance.ts';
import type { TrainingEvent } from '../training/events.ts';
import type { ScheduleName } from '../training/schedule.ts';
import type { EarlyEnd } from '../training/training-plan.ts';
import type { RecipeName } from './settings.ts';

/** Version of the events' fields. It rises when an old reader would misread a field, not for a new field or event. */
export const EVENT_SCHEMA = 1;

/** A setting whose value has changed since the run last stopped. */
export interface ChangedSetting {
  /** The setting's flag without the dashes. */
  readonly name: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Emitted when all is ready to train: at the start of a run and each time it resumes. */
export interface StartEvent extends RuntimeFacts {
  readonly type: 'start';
  readonly schema: typeof EVENT_SCHEMA;
  /** Steps taken before this start. */
  readonly step: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** Number of workers that share each batch; absent if there is one. */
  readonly workers?: number;
  /** Whether batch norm goes by the whole batch, not by each worker's part; absent if there is one worker. */
  readonly syncBatchNorm?: boolean;
  /** Type in which gradients travel between workers; absent if there is one. */
  readonly reduce?: Reduction;
  /** The recipe that gave the settings without a flag; absent in runs older than the recipes. */
  readonly recipe?: RecipeName;
  /** The highest learning rate of the schedule. */
  readonly learningRate: number;
  readonly schedule: ScheduleName;
  /** The measure that chooses the best epoch; absent if it is the loss. */
  readonly bestBy?: BestMeasure;
  /** Epochs in which the rate rises to its highest; absent in logs of older versions. */
  readonly warmup?: number;
  readonly seed: number;
  readonly architecture: Architecture;
  /** Number of the network's trained parameters, frozen ones included. */
  readonly parameters: number;
  /** The parts that are not trained before an epoch, or at all; absent if there are none. */
  readonly frozen?: StartFrozen | undefined;
  readonly data: StartData;
  /** The smallest and the largest weight of a class in the training loss; absent if all classes weigh the same. */
  readonly classWeights?: readonly [smallest: number, largest: number];
  readonly trainImages: number;
  readonly validationImages: number;
  /** The position at which the run resumes; absent at the start of a new run. */
  readonly resumed?: Resumed | undefined;
}

/** Parts that are frozen when a run begins or resumes. */
export interface StartFrozen {
  readonly parts: readonly BodyPart[];
  /** Number of parameters that are trained while they are frozen. */
  readonly trained: number;
  /** The epoch, counted from 1, from which on they are trained too; absent if they never are. */
  readonly thawAt?: number;
}

/** The data of a run, before `--limit-train` and `--limit-val`. */
export interface StartData {
  /** The folder, or `MNIST`. */
  readonly source: string;
  /** SHA-256 of the training data. */
  readonly sha256: string;
  /** Number of images of each split; of test images only if they are held out from the training data. */
  readonly split: { readonly train: number; readonly val: number; readonly test?: number };
  readonly transposed: boolean;
  readonly format?: DataFormat;
  /** Names of the classes in the order of the labels; absent if they are bare numbers. */
  readonly classNames?: readonly string[] | undefined;
  /** Shape of one image: [channels, height, width]; absent in logs of older versions, as the next. */
  readonly input?: readonly [channels: number, height: number, width: number];
  /** Means, then standard deviations, by which pixels from 0 to 1 are normalised. */
  readonly normalisation?: readonly number[];
  /** How pictures become images; absent if they need no preparation. */
  readonly preparation?: StoredPreparation | undefined;
  /** Number of training images of the smallest and of the largest class; absent of digits in IDX files. */
  readonly classSizes?: readonly [smallest: number, largest: number];
  /** Number of images that equal an earlier one, byte for byte; absent if there is none, or that was not looked for. */
  readonly duplicates?: number;
  /** Whether any image has padding; absent if none has. */
  readonly padded?: true;
  /** Bytes of pixels that are read from the disk while they are used; absent if all are in memory. */
  readonly streamedBytes?: number;
}

/** Emitted after the start for each thing that does not make sense about the data. */
export interface WarningEvent {
  readonly type: 'warning';
  /** Steps taken before it. */
  readonly step: number;
  readonly message: string;
}

/** Emitted after the start if pictures were skipped. */
export interface SkippedEvent {
  readonly type: 'skipped';
  /** Steps taken before it. */
  readonly step: number;
  readonly pictures: readonly BrokenPicture[];
}

/** The position at which a run resumes, and what has changed since it stopped. */
export interface Resumed {
  readonly checkpoint: string;
  /** The epoch that the run resumes in, counted from 1. */
  readonly epoch: number;
  /** Steps of this epoch that are done. */
  readonly batch: number;
  /** Steps of a whole epoch. */
  readonly batches: number;
  readonly changes: readonly ChangedSetting[];
  /** The schedule, if the changes alter its learning rates from here; else absent. */
  readonly recomputed?: ScheduleName;
}

/** Whether an event goes into the run's log and the output of `--json`; the others only update the live line. */
export function isLogged(event: RunEvent, logInterval: number): boolean {
  if (event.type === 'step') return event.batch % logInterval === 0 || event.batch === event.batches - 1;
  return event.type !== 'validation';
}

/** Emitted when `last.safetensors` is on the disk. Training may be some steps further by then. */
export interface SavedEvent {
  readonly type: 'saved';
  /** The run's step that the checkpoint holds. */
  readonly step: number;
  /** Number of finished epochs that the checkpoint holds. */
  readonly epochs: number;
  readonly checkpoint: string;
  /**
   * The folder in `earlier/` of the run whose best is still in `best.safetensors`; absent once this run has its own, and
   * if there is none.
   */
  readonly earlier?: string;
}

/** Emitted when all epochs are done, or when the run ends early. */
export interface EndEvent {
  readonly type: 'end';
  readonly step: number;
  readonly best: BestEpoch;
  /** The measure that chose it; absent if it is the loss. */
  readonly bestBy?: BestMeasure;
  /** Why the run ended before its last epoch; absent if all epochs are done. */
  readonly early?: EarlyEnd;
  /** The scores of guessing, if the best epoch is no better; absent if it is better, and in a dry run. */
  readonly chance?: Chance;
  /** Path of the best epoch's checkpoint; absent in a dry run. */
  readonly checkpoint?: string | undefined;
  /** Seconds since the run was started or resumed. */
  readonly seconds: number;
  /** Seconds that training waited for checkpoints to be saved. */
  readonly savingSeconds: number;
  readonly peakMemoryBytes: number;
}

/** Any event of a run. */
export type RunEvent = StartEvent | WarningEvent | SkippedEvent | TrainingEvent | SavedEvent | EndEvent;

/** An event's fields as JSON has them: the type is called `event` there. */
export function jsonOf({ type, ...facts }: RunEvent): Record<string, unknown> {
  return { event: type, ...facts };
}
