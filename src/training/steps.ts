/** Who carries out the steps: op by op here, as one graph in `compiled-steps.ts`. */
import type { Tensor } from '../runtime/tensor.ts';
import { adamStep } from './adam.ts';
import type { Model, ModelState } from './model.ts';
import { type BatchSums, evaluationStep, type Moments, trainingStep } from './step.ts';

/** Images and labels on the host. */
export interface Batch {
  /** [batch, height, width, channels], normalised */
  readonly pixels: Float32Array;
  /** [batch] */
  readonly labels: Int32Array;
}

/** Sums over the images of a batch; see `BatchSums`. */
export interface BatchResult {
  readonly images: number;
  readonly lossSum: number;
  readonly hits: number;
}

/** Height, width and channels of the images. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** A model that can be trained and evaluated, batch by batch, one at a time. */
export interface Steps {
  /** Training steps taken so far. */
  readonly step: number;
  /** One step of Adam; the result is from before the update. */
  train(batch: Batch, learningRate: number): Promise<BatchResult>;
  /** By the running statistics; changes nothing. */
  evaluate(batch: Batch): Promise<BatchResult>;
  /** A copy of the present state. */
  state(): Promise<ModelState>;
  dispose(): void;
}

/** Adam's moments of every trained parameter, all zero. */
export function initialMoments(model: Model): Moments {
  const { ops } = model.runtime;
  return new Map(
    model.trainable().map(({ parameter, variable: { shape } }) => {
      const zeros = new Float32Array(shape.reduce((size, side) => size * side, 1));
      return [parameter.name, { first: ops.variable(zeros, shape), second: ops.variable(zeros, shape) }];
    }),
  );
}

/** Frees what `initialMoments` made. */
export function disposeMoments(moments: Moments): void {
  for (const { first, second } of moments.values()) {
    first.dispose();
    second.dispose();
  }
}

/** Runs the steps op by op, on any backend. */
export class EagerSteps implements Steps {
  readonly #model: Model;
  readonly #image: ImageShape;
  #moments: Moments | undefined; // made by the first step, for those who only evaluate
  #step = 0;

  constructor(model: Model, image: ImageShape) {
    this.#model = model;
    this.#image = image;
  }

  get step(): number {
    return this.#step;
  }

  async train(batch: Batch, learningRate: number): Promise<BatchResult> {
    const { tf } = this.#model.runtime;
    this.#moments ??= initialMoments(this.#model);
    const moments = this.#moments;
    this.#step += 1;
    this.#model.batchesTracked += 1;
    const { beta1Power, beta2Power, epsilon } = adamStep(this.#step, learningRate);
    const before = tf.memory().numTensors;
    const result = this.#run(batch, (tensors) =>
      trainingStep(this.#model, moments, tensors, {
        learningRate: tf.scalar(learningRate),
        beta1Power: tf.scalar(beta1Power),
        beta2Power: tf.scalar(beta2Power),
        epsilon: tf.scalar(epsilon),
      }),
    );
    const left = tf.memory().numTensors - before;
    if (left !== 0) throw new Error(`step ${this.#step} left ${left} tensors behind`);
    return result;
  }

  async evaluate(batch: Batch): Promise<BatchResult> {
    return this.#run(batch, (tensors) => evaluationStep(this.#model, tensors));
  }

  async state(): Promise<ModelState> {
    return this.#model.state();
  }

  dispose(): void {
    if (this.#moments) disposeMoments(this.#moments);
  }

  #run({ pixels, labels }: Batch, work: (tensors: { pixels: Tensor; labels: Tensor }) => BatchSums): BatchResult {
    const { tf } = this.#model.runtime;
    const images = labels.length;
    let result = { images, lossSum: Number.NaN, hits: 0 };
    tf.tidy(() => {
      const tensors = { pixels: tf.tensor(pixels, [images, ...this.#image]), labels: tf.tensor1d(labels, 'int32') };
      const { lossSum, hits } = work(tensors);
      result = { images, lossSum: valueOfScalar(lossSum), hits: valueOfScalar(hits) };
    });
    return result;
  }
}

function valueOfScalar(tensor: Tensor): number {
  return tensor.dataSync()[0] as number;
}
