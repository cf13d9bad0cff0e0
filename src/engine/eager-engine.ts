/** The steps run op by op, on any backend. */
import { TRANSFORM_SIZE } from '../dataset/augmentation.ts';
import { gatherLabels, gatherPixels } from '../dataset/batches.ts';
import type { Dataset } from '../dataset/source.ts';
import { Model, type ModelState, type OptimizerState } from '../model/model.ts';
import type { Runtime } from '../runtime/open.ts';
import { type Tensor, valueOfVariable } from '../runtime/tensor.ts';
import { adamStep } from './adam.ts';
import { DeadTaps } from './dead-taps.ts';
import { EMPTY_SUMS, type Engine, type EngineSource, type LossSums, type TrainingReport } from './engine.ts';
import { type Hyperparameters, PLAIN_ADAM } from './hyperparameters.ts';
import {
  augmented,
  averagedModel,
  type BatchTensors,
  disposeMoments,
  evaluationStep,
  type LossSumTensors,
  type Moments,
  makeMoments,
  moveAverage,
  trainingStep,
} from './step.ts';

export class EagerEngine implements Engine {
  readonly #model: Model;
  /** What is validated instead. */
  readonly #average: Model | undefined;
  readonly #dataset: Dataset;
  readonly #optimizer: OptimizerState | undefined;
  readonly #hyperparameters: Hyperparameters;
  #moments: Moments | undefined; // made by the first epoch, for those who only evaluate
  #step: number;
  readonly #deadTaps: DeadTaps;
  #last = EMPTY_SUMS;
  #sums = EMPTY_SUMS;
  #firstNonFinite: number | undefined;

  constructor(runtime: Runtime, source: EngineSource) {
    const { network, parameters, state, dataset, hyperparameters = PLAIN_ADAM } = source;
    this.#model = new Model(runtime, network, parameters, state);
    this.#average = hyperparameters.ema === undefined ? undefined : averagedModel(runtime, source);
    this.#dataset = dataset;
    this.#optimizer = state.optimizer;
    this.#hyperparameters = hyperparameters;
    this.#step = state.optimizer?.step ?? 0;
    this.#deadTaps = new DeadTaps(state);
  }

  get step(): number {
    return this.#step;
  }

  async startEpoch(sums = EMPTY_SUMS): Promise<void> {
    this.#sums = sums;
    this.#prepareTraining();
  }

  async train(indices: Int32Array, learningRate: number, transforms?: Float32Array): Promise<void> {
    const { tf } = this.#model.runtime;
    const moments = this.#prepareTraining();
    this.#step += 1;
    this.#model.batchesTracked += 1;
    const { decay, averaging = 1, ...step } = adamStep(this.#step, learningRate, this.#hyperparameters);
    this.#deadTaps.count({ decay: decay ?? 1, averaging });
    const before = tf.memory().numTensors;
    this.#last = this.#run(indices, (plain) => {
      const scalars = {
        learningRate: tf.scalar(step.learningRate),
        beta1Power: tf.scalar(step.beta1Power),
        beta2Power: tf.scalar(step.beta2Power),
        epsilon: tf.scalar(step.epsilon),
        ...(decay === undefined ? {} : { decay: tf.scalar(decay) }),
      };
      const maps = transforms && tf.tensor2d(transforms, [indices.length, TRANSFORM_SIZE]);
      const tensors = maps ? augmented(this.#model, plain, maps) : plain;
      const sums = trainingStep(this.#model, moments, tensors, scalars, this.#hyperparameters);
      if (this.#average) moveAverage(this.#model, this.#average, tf.scalar(averaging));
      return sums;
    });
    const left = tf.memory().numTensors - before;
    if (left !== 0) throw new Error(`step ${this.#step} left ${left} tensors behind`);
    const { lossSum, correct } = this.#last;
    if (!Number.isFinite(lossSum)) this.#firstNonFinite ??= this.#step;
    const sums = this.#sums;
    this.#sums = {
      count: sums.count + indices.length,
      lossSum: sums.lossSum + lossSum,
      correct: sums.correct + correct,
    };
  }

  async report(): Promise<TrainingReport> {
    const { lossSum, count } = this.#last;
    return { loss: lossSum / count, sums: this.#sums, firstNonFinite: this.#firstNonFinite };
  }

  async evaluate(indices: Int32Array): Promise<LossSums> {
    return this.#run(indices, (tensors) => evaluationStep(this.#average ?? this.#model, tensors));
  }

  async logits(indices: Int32Array): Promise<Float32Array> {
    return this.#onBatch(indices, (tensors) => {
      return evaluationStep(this.#average ?? this.#model, tensors).logits.dataSync() as Float32Array;
    });
  }

  async state(): Promise<ModelState> {
    const state = this.#model.state();
    if (!this.#moments) return state;
    const moments = [...this.#moments];
    const valuesOf = (which: 'first' | 'second') =>
      this.#model.onHost(new Map(moments.map(([name, moment]) => [name, valueOfVariable(moment[which])])));
    const both = { first: valuesOf('first'), second: valuesOf('second') };
    const optimizer = { step: this.#step, deadWeightScale: this.#deadTaps.deadWeightScale, ...both };
    const values = this.#average?.state().values;
    return {
      ...state,
      optimizer,
      ...(values ? { averaged: { values, deadWeightScale: this.#deadTaps.averaged } } : {}),
    };
  }

  dispose(): void {
    if (this.#moments) disposeMoments(this.#moments);
    this.#model.dispose();
    this.#average?.dispose();
  }

  #prepareTraining(): Moments {
    this.#moments ??= makeMoments(this.#model, this.#optimizer);
    return this.#moments;
  }

  #run(indices: Int32Array, work: (tensors: BatchTensors) => LossSumTensors): LossSums {
    return this.#onBatch(indices, (tensors) => {
      const { lossSum, correct } = work(tensors);
      return { count: indices.length, lossSum: valueOfScalar(lossSum), correct: valueOfScalar(correct) };
    });
  }

  /** @param work reads what it wants of its tensors, which are all freed with its end */
  #onBatch<Result>(indices: Int32Array, work: (tensors: BatchTensors) => Result): Result {
    const { tf } = this.#model.runtime;
    const { height, width, channels } = this.#dataset;
    tf.engine().startScope();
    try {
      const pixels = tf.tensor(gatherPixels(this.#dataset, indices), [indices.length, height, width, channels]);
      return work({ pixels, labels: tf.tensor1d(gatherLabels(this.#dataset, indices), 'int32') });
    } finally {
      tf.engine().endScope();
    }
  }
}

function valueOfScalar(tensor: Tensor): number {
  return tensor.dataSync()[0] as number;
}
