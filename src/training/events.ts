/** Events that the training loop emits. */
import type { Metrics, ValidationMetrics } from '../evaluation/metrics.ts';

/** Emitted at the first step of an epoch, every `logInterval` steps and at the last; more often if a user watches. */
export interface StepEvent {
  readonly type: 'step';
  /** Counted from 1. */
  readonly epoch: number;
  /** Step of the run, counted from 1. */
  readonly step: number;
  /** Number of steps in the epoch. */
  readonly batches: number;
  /** Step of the epoch, counted from 0. */
  readonly batch: number;
  /** Number of images of this epoch trained on before this step. */
  readonly seen: number;
  /** Number of images in the epoch. */
  readonly total: number;
  /** Mean loss of the batch (nats), before the update. */
  readonly loss: number;
  readonly learningRate: number;
  /** Means over the epoch so far. */
  readonly epochMean: Metrics;
  /** Training speed over the epoch so far. */
  readonly imagesPerSecond: number;
  /**
   * Training speed since the run was started or resumed, without the first step of each batch size, which also records a
   * graph; undefined before two more steps.
   */
  readonly steadyImagesPerSecond?: number | undefined;
}

/** Emitted before the first step that trains the parts which were frozen. */
export interface ThawEvent {
  readonly type: 'thaw';
  /** The epoch that begins, counted from 1. */
  readonly epoch: number;
  /** That step, counted from 1. */
  readonly step: number;
}

/** Emitted after each batch of validation. */
export interface ValidationEvent {
  readonly type: 'validation';
  readonly epoch: number;
  /** Number of images evaluated. */
  readonly done: number;
  /** Number of validation images. */
  readonly total: number;
}

/** Emitted after every epoch. */
export interface EpochEvent {
  readonly type: 'epoch';
  /** Counted from 1. */
  readonly epoch: number;
  /** Number of steps taken in the run. */
  readonly step: number;
  /** Learning rate of the epoch's last step. */
  readonly learningRate: number;
  /** Means over the training images, each from before its step's update. */
  readonly train: Metrics;
  /** Means over the validation images, after the epoch. */
  readonly validation: ValidationMetrics;
  /** Whether this is the best epoch so far, by the run's measure. */
  readonly best: boolean;
  /** Training speed without validation; if the run was resumed inside the epoch, since then. */
  readonly imagesPerSecond: number;
  /** Time that steps and validation waited for images that are read from the disk; absent if all are in memory. */
  readonly dataSeconds?: number;
  /** Time of the steps; if the run was resumed inside the epoch, since then. */
  readonly trainSeconds: number;
  /** Time of steps and validation; if the run was resumed inside the epoch, since then. */
  readonly seconds: number;
}

/** Any event of the training loop. */
export type TrainingEvent = StepEvent | ThawEvent | ValidationEvent | EpochEvent;

/** Epochs trained at the end of a step, with fractions. */
export function epochsAt({ epoch, batch, batches }: Pick<StepEvent, 'epoch' | 'batch' | 'batches'>): number {
  return epoch - 1 + (batch + 1) / batches;
}
