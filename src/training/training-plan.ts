import type { Augmentation } from '../dataset/augmentation.ts';
import type { Dataset } from '../dataset/source.ts';
import type { Schedule } from './schedule.ts';

/** What the training loop is to do. */
export interface TrainingPlan {
  /** In all, those before the present progress among them. */
  readonly epochs: number;
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
