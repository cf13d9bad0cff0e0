/** The plan of the training loop, and the rules by which a run ends. */
import type { Progress } from '../checkpoint/progress.ts';
import type { Augmentation } from '../dataset/augmentation.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { BestMeasure } from './best-measure.ts';
import type { Schedule } from './schedule.ts';

/** Data, schedule and limits of a run. */
export interface TrainingPlan {
  /** Number of epochs of the whole run, those already trained included. */
  readonly epochs: number;
  /** The measure on the validation images by which an epoch is better than another. */
  readonly bestBy: BestMeasure;
  /** Number of epochs without a better one that end the run; default: no limit. */
  readonly patience?: number | undefined;
  /**
   * Seconds since the start: no epoch begins that would end later if it took as long as the longest; default: no limit.
   */
  readonly maxTime?: number | undefined;
  /** The epoch, counted from 1, from which on frozen parts are trained; default: never. */
  readonly thawAt?: number | undefined;
  /** Learning rate over the run. */
  readonly schedule: Omit<Schedule, 'stepsPerEpoch' | 'epochs'>;
  /** Random changes of the training images, drawn again for each step. */
  readonly augmentation: Augmentation;
  readonly batchSize: number;
  /** Number of steps between two step events. */
  readonly logInterval: number;
  /** Number of steps between two saves inside an epoch; default: none is saved there. */
  readonly saveInterval?: number | undefined;
  /** Whether `predict` looks for a digit, and tells what is none: then it is found out what validation images are like. */
  readonly readsDigits: boolean;
  readonly dataset: Dataset;
  /** Indices of the images to train on. */
  readonly train: Int32Array;
  /** Indices of the images that choose the best epoch. */
  readonly validation: Int32Array;
}

/** Why a run ends before its last epoch: by `patience` or by `maxTime`. */
export type EarlyEnd = 'patience' | 'max-time';

/** Whether the last `patience` epochs were no better than the best. */
export function isOutOfPatience(
  { epochs, best }: Pick<Progress, 'epochs' | 'best'>,
  { patience = Number.POSITIVE_INFINITY }: Pick<TrainingPlan, 'patience'>,
): boolean {
  return best !== null && epochs - best.epoch >= patience;
}

/** Whether there is no epoch left to train. */
export function isFinished(
  progress: Pick<Progress, 'epochs' | 'best'>,
  plan: Pick<TrainingPlan, 'epochs' | 'patience'>,
): boolean {
  return progress.epochs >= plan.epochs || isOutOfPatience(progress, plan);
}
