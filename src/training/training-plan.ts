import type { Progress } from '../checkpoint/progress.ts';
import type { Augmentation } from '../dataset/augmentation.ts';
import type { Dataset } from '../dataset/source.ts';
import type { Schedule } from './schedule.ts';

/** What the training loop is to do. */
export interface TrainingPlan {
  /** In all, those before the present progress among them. */
  readonly epochs: number;
  /** End after so many epochs without a better one; default: never. */
  readonly patience?: number | undefined;
  /** Begin no epoch that, taking as long as the longest so far, would end more seconds after the start; default: none. */
  readonly maxTime?: number | undefined;
  /** What the learning rate does over the run. */
  readonly schedule: Omit<Schedule, 'stepsPerEpoch' | 'epochs'>;
  /** How the training images are changed each time. */
  readonly augmentation: Augmentation;
  readonly batchSize: number;
  /** Steps between two reports. */
  readonly logInterval: number;
  /** Steps between two savings inside an epoch; default: none. */
  readonly saveInterval?: number | undefined;
  readonly dataset: Dataset;
  /** Images to train on, and to choose the best epoch by. */
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/** Why a run ends before its last epoch. */
export type EarlyEnd = 'patience' | 'max-time';

/** Whether a run has waited long enough for a better epoch. */
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
