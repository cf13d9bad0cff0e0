/**
 * The interface of an engine, which trains a model step by step, and evaluates it. `eager-engine.ts` runs a step op by
 * op, `compiled-engine.ts` as one graph.
 */

import type { ImageChanges } from '../dataset/augmentation.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Normalisation } from '../dataset/normalisation.ts';
import type { ModelState } from '../model/model.ts';
import type { Sequential } from '../net/layers.ts';
import type { Parameter } from '../net/parameters.ts';
import type { BodyPart } from '../net/parts.ts';
import type { Hyperparameters } from './hyperparameters.ts';
import type { Agreement, Peers } from './peers/peers.ts';

/** Sums over images: `LossSumTensors`, read back from the device. */
export interface LossSums {
  /** Number of images. */
  readonly count: number;
  /** Sum of the images' cross-entropies (nats); of training steps the sum of each step's loss times its images. */
  readonly lossSum: number;
  /** Number of images whose largest logit is that of their label. */
  readonly correct: number;
}

/** What evaluating a batch gives. */
export interface EvaluatedBatch extends LossSums {
  /** [batch, classes], row by row */
  readonly logits: Float32Array;
}

/** Sums over no images. */
export const EMPTY_SUMS: LossSums = { count: 0, lossSum: 0, correct: 0 };

/** State of training, read back from the device. */
export interface TrainingReport {
  /** Loss of the last step's batch, before its update; see `lossOf`. */
  readonly loss: number;
  /** Sums over the steps since the epoch began. */
  readonly sums: LossSums;
  /** The first step, counted from 1, whose loss was not finite; undefined if there is none. */
  readonly firstNonFinite: number | undefined;
  /** A peer whose part of that step's loss was not finite, where this worker's was; default: it is this worker's fault. */
  readonly rankAtFault?: number | undefined;
}

/**
 * Trains and evaluates one model on one data set; batches are lists of indices of its images. Calls must not overlap.
 */
export interface Engine {
  /** Training steps taken, those before `EngineSource.state` included. */
  readonly step: number;
  /**
   * Begins an epoch: sets the sums of `report`.
   *
   * @param sums sums over the epoch's earlier steps, if the run resumes inside the epoch; default: `EMPTY_SUMS`
   */
  startEpoch(sums?: LossSums): Promise<void>;
  /**
   * Trains the frozen parts from the next step on; their moments begin at zero, with a step count of their own.
   *
   * @returns false if nothing was frozen any more, as where `EngineSource.state` has steps since the thaw
   */
  thaw(): boolean;
  /** Time that steps and evaluations have waited for pixels that are not in memory, in seconds. */
  readonly waitedSeconds: number;
  /**
   * Begins to read the pixels of a batch that `train`, `evaluate` or `logits` will soon be called with, if they are not in
   * memory.
   */
  expect(indices: Int32Array): void;
  /**
   * Takes one training step on a batch.
   *
   * @param indices [batch], images of the data set
   * @param changes numbers that augment the images, see `drawChanges`; default: no augmentation
   */
  train(indices: Int32Array, learningRate: number, changes?: ImageChanges): Promise<void>;
  /** Reads the state of training back. It waits for the device, so a call after each step would slow training down. */
  report(): Promise<TrainingReport>;
  /** Evaluates a batch by the running statistics. Changes nothing. */
  evaluate(indices: Int32Array): Promise<EvaluatedBatch>;
  /** Evaluates a batch by the running statistics for its logits, [batch, classes], row by row. Changes nothing. */
  logits(indices: Int32Array): Promise<Float32Array>;
  /**
   * Takes the pixels of the data set again, which are in memory and which the caller has changed in place. They must not be changed once more
   * before a later call that evaluates them has resolved.
   */
  imagesChanged(): void;
  /** What the workers agree on; absent without `EngineSource.peers`. */
  readonly agreement?: Agreement;
  /** A copy of the present state; it has an optimizer once `startEpoch` or `train` was called. */
  state(): Promise<ModelState>;
  dispose(): void;
}

/** Network, initial state, hyper-parameters and data of an engine. */
export interface EngineSource {
  readonly network: Sequential;
  readonly parameters: readonly Parameter[];
  readonly state: ModelState;
  /** Default: `PLAIN_ADAM`, PyTorch's defaults. */
  readonly hyperparameters?: Hyperparameters;
  /**
   * Parts that are not trained until `Engine.thaw`: their weights and running statistics stay, and they have neither
   * gradients nor moments; default: none.
   */
  readonly frozen?: readonly BodyPart[];
  readonly dataset: Dataset;
  /** Normalisation of the images; default: `USUAL_NORMALISATION`. */
  readonly normalisation?: Normalisation;
  /** Weights of the classes in the loss of training steps, [classes], see `lossOf`; default: all weigh the same. */
  readonly classWeights?: Float32Array | undefined;
  /** The workers that train together; default: this process alone. Only the compiled engine joins others. */
  readonly peers?: Peers | undefined;
}
