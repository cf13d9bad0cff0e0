/** What can be done with a model, step by step: op by op by `eager-engine.ts`, as one graph by `compiled-engine.ts`. */
import type { Dataset } from '../dataset/source.ts';
import type { ModelState } from '../model/model.ts';
import type { Sequential } from '../net/layers.ts';
import type { Parameter } from '../net/parameters.ts';
import type { Hyperparameters } from './hyperparameters.ts';

/** Sums over images: what `LossSumTensors` has on the device, read back. */
export interface LossSums {
  /** Number of images. */
  readonly count: number;
  /** Sum of the images' cross-entropies (nats). */
  readonly lossSum: number;
  /** Number of images whose largest logit is that of their label. */
  readonly correct: number;
}

export const EMPTY_SUMS: LossSums = { count: 0, lossSum: 0, correct: 0 };

/** How training goes. */
export interface TrainingReport {
  /** Mean loss of the last step's batch, before its update. */
  readonly loss: number;
  /** Over the steps since the epoch began. */
  readonly sums: LossSums;
  /** The first step, counted from 1, whose loss was not finite. */
  readonly firstNonFinite: number | undefined;
}

/** A model on a data set, whose images are named by their indices. Calls must not overlap. */
export interface Engine {
  /** Training steps taken so far, those before the state that it began with among them. */
  readonly step: number;
  /** Begins the sums of `report` anew, from those of an epoch's earlier steps if it goes on with it. */
  startEpoch(sums?: LossSums): Promise<void>;
  /**
   * One step of Adam on a batch.
   *
   * @param indices [batch], images of the data set
   * @param transforms of its images, [batch, 8]; see `drawTransforms`; default: they are taken as they are
   */
  train(indices: Int32Array, learningRate: number, transforms?: Float32Array): Promise<void>;
  /** Costs a pass to the device and back, so not to be asked for after each step. */
  report(): Promise<TrainingReport>;
  /** By the running statistics; changes nothing. */
  evaluate(indices: Int32Array): Promise<LossSums>;
  /** The same pass for its logits, [batch, classes], row by row. */
  logits(indices: Int32Array): Promise<Float32Array>;
  /** A copy of the present state, with the optimizer's once an epoch was started. */
  state(): Promise<ModelState>;
  dispose(): void;
}

/** A network, its first values, how it learns, and the images to work on. */
export interface EngineSource {
  readonly network: Sequential;
  readonly parameters: readonly Parameter[];
  readonly state: ModelState;
  /** Default: Adam's of PyTorch. */
  readonly hyperparameters?: Hyperparameters;
  readonly dataset: Dataset;
}
