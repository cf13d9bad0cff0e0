import type { Metrics } from '../evaluation/metrics.ts';

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

export type TrainingEvent = StepEvent | ValidationEvent | EpochEvent;
