/** The steps run op by op, on any backend. */
import { gatherLabels, gatherPixels } from '../dataset/batches.ts';
import type { Dataset } from '../dataset/source.ts';
import type { Runtime } from '../runtime/open.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { adamStep } from './adam.ts';
import { Model, type ModelState } from './model.ts';
import {
  type BatchSums,
  type BatchTensors,
  disposeMoments,
  evaluationStep,
  initialMoments,
  type Moments,
  trainingStep,
} from './step.ts';
import type { BatchResult, Steps, StepsSource, TrainingReport } from './steps.ts';

const NOTHING: BatchResult = { images: 0, lossSum: 0, hits: 0 };

export class EagerSteps implements Steps {
  readonly #model: Model;
  readonly #dataset: Dataset;
  #moments: Moments | undefined; // made by the first step, for those who only evaluate
  #step = 0;
  #last = NOTHING;
  #sums = NOTHING;
  #firstNonFinite: number | undefined;

  constructor(runtime: Runtime, { network, parameters, state, dataset }: StepsSource) {
    this.#model = new Model(runtime, network, parameters, state);
    this.#dataset = dataset;
  }

  get step(): number {
    return this.#step;
  }

  async startEpoch(): Promise<void> {
    this.#sums = NOTHING;
  }

  async train(images: Int32Array, learningRate: number): Promise<void> {
    const { tf } = this.#model.runtime;
    this.#moments ??= initialMoments(this.#model);
    const moments = this.#moments;
    this.#step += 1;
    this.#model.batchesTracked += 1;
    const { beta1Power, beta2Power, epsilon } = adamStep(this.#step, learningRate);
    const before = tf.memory().numTensors;
    this.#last = this.#run(images, (tensors) =>
      trainingStep(this.#model, moments, tensors, {
        learningRate: tf.scalar(learningRate),
        beta1Power: tf.scalar(beta1Power),
        beta2Power: tf.scalar(beta2Power),
        epsilon: tf.scalar(epsilon),
      }),
    );
    const left = tf.memory().numTensors - before;
    if (left !== 0) throw new Error(`step ${this.#step} left ${left} tensors behind`);
    const { lossSum, hits } = this.#last;
    if (!Number.isFinite(lossSum)) this.#firstNonFinite ??= this.#step;
    const sums = this.#sums;
    this.#sums = { images: sums.images + images.length, lossSum: sums.lossSum + lossSum, hits: sums.hits + hits };
  }

  async report(): Promise<TrainingReport> {
    const { lossSum, images } = this.#last;
    return { loss: lossSum / images, sums: this.#sums, firstNonFinite: this.#firstNonFinite };
  }

  async evaluate(images: Int32Array): Promise<BatchResult> {
    return this.#run(images, (tensors) => evaluationStep(this.#model, tensors));
  }

  async state(): Promise<ModelState> {
    return this.#model.state();
  }

  dispose(): void {
    if (this.#moments) disposeMoments(this.#moments);
    this.#model.dispose();
  }

  #run(indices: Int32Array, work: (tensors: BatchTensors) => BatchSums): BatchResult {
    const { tf } = this.#model.runtime;
    const { height, width, channels } = this.#dataset;
    const images = indices.length;
    let result = NOTHING;
    tf.tidy(() => {
      const pixels = tf.tensor(gatherPixels(this.#dataset, indices), [images, height, width, channels]);
      const labels = tf.tensor1d(gatherLabels(this.#dataset, indices), 'int32');
      const { lossSum, hits } = work({ pixels, labels });
      result = { images, lossSum: valueOfScalar(lossSum), hits: valueOfScalar(hits) };
    });
    return result;
  }
}

function valueOfScalar(tensor: Tensor): number {
  return tensor.dataSync()[0] as number;
}
