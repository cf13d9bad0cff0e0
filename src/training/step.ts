/** One step of training and one batch of evaluation, written once in TensorFlow.js ops. */
import type { AdamMoments } from '../runtime/ops.ts';
import type { Scalar, Tensor } from '../runtime/tensor.ts';
import { adamStep } from './adam.ts';
import type { Model } from './model.ts';

/** Images and labels on the host. */
export interface Batch {
  /** [batch, height, width, channels], normalised */
  readonly pixels: Float32Array;
  /** [batch] */
  readonly labels: Int32Array;
}

/** Sums over the images of a batch. */
export type BatchResult = {
  readonly images: number;
  /** Sum of the images' cross-entropies. */
  readonly lossSum: number;
  /** How many images' largest logit is their label's. */
  readonly hits: number;
};

/** Height, width and channels of the images. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** Trains a model by Adam; holds the optimiser's state beside the model's. */
export class Trainer {
  readonly #model: Model;
  readonly #image: ImageShape;
  readonly #moments: ReadonlyMap<string, AdamMoments>;
  #step = 0;

  constructor(model: Model, image: ImageShape) {
    this.#model = model;
    this.#image = image;
    const { ops } = model.runtime;
    this.#moments = new Map(
      model.trainable().map(({ parameter, variable }) => {
        const zeros = new Float32Array(variable.shape.reduce((size, side) => size * side, 1));
        const moments = { first: ops.variable(zeros, variable.shape), second: ops.variable(zeros, variable.shape) };
        return [parameter.name, moments];
      }),
    );
  }

  /** Steps taken so far. */
  get step(): number {
    return this.#step;
  }

  /** Forward, backward, Adam and the running statistics on one batch; the result is from before the update. */
  train(batch: Batch, learningRate: number): BatchResult {
    const { tf, ops } = this.#model.runtime;
    this.#step += 1;
    this.#model.batchesTracked += 1;
    return tf.tidy(() => {
      const { result, gradients } = gradientsOf(this.#model, batch, this.#image);
      const updates = this.#model.trainable().flatMap(({ parameter, variable }) => {
        const gradient = gradients.get(parameter.name);
        const moments = this.#moments.get(parameter.name);
        return gradient && moments ? [{ variable, moments, gradient }] : [];
      });
      ops.applyAdam(updates, adamStep(this.#step, learningRate));
      return result;
    });
  }

  dispose(): void {
    for (const { first, second } of this.#moments.values()) {
      first.dispose();
      second.dispose();
    }
  }
}

/**
 * The mean loss's gradients by parameter name. A parameter that the loss does not depend on is absent: a bias in front
 * of a batch norm, whose gradient is exactly zero, and which Adam would leave where it is.
 *
 * Moves the running statistics. Call it inside `tidy`.
 */
export function gradientsOf(
  model: Model,
  batch: Batch,
  image: ImageShape,
): { result: BatchResult; gradients: ReadonlyMap<string, Tensor> } {
  const { tf, ops } = model.runtime;
  const trainable = model.trainable();
  const names = trainable.map(({ parameter }) => parameter.name);
  const weights = trainable.map(({ variable }) => variable.read());
  const [pixels, labels] = toTensors(model, batch, image);
  let hits = 0;
  const loss = (): Scalar => {
    const logits = model.logits(pixels, true, new Map(names.map((name, index) => [name, weights[index] as Tensor])));
    hits = countHits(model, logits, labels);
    return tf.mean(ops.softmaxCrossEntropy(logits, labels)) as Scalar;
  };
  // `tf.grads` insists that every input has a gradient; the engine beneath it can leave some out.
  const { value, grads } = tf.engine().gradients(loss, weights, undefined, true);
  for (const weight of weights) weight.dispose(); // a second reference would make Adam copy each weight before its update
  const gradients = new Map<string, Tensor>();
  for (const [index, name] of names.entries()) if (grads[index]) gradients.set(name, grads[index]);
  const images = batch.labels.length;
  return { result: { images, lossSum: scalar(value) * images, hits }, gradients };
}

/** Loss and hits of one batch by the running statistics; changes nothing. */
export function evaluateBatch(model: Model, batch: Batch, image: ImageShape): BatchResult {
  const { tf, ops } = model.runtime;
  return tf.tidy(() => {
    const [pixels, labels] = toTensors(model, batch, image);
    const logits = model.logits(pixels, false);
    const lossSum = scalar(tf.sum(ops.softmaxCrossEntropy(logits, labels)));
    return { images: batch.labels.length, lossSum, hits: countHits(model, logits, labels) };
  });
}

function toTensors({ runtime: { tf } }: Model, { pixels, labels }: Batch, image: ImageShape): [Tensor, Tensor] {
  return [tf.tensor(pixels, [labels.length, ...image]), tf.tensor1d(labels, 'int32')]; // [B, H, W, C], [B]
}

function countHits({ runtime: { tf } }: Model, logits: Tensor, labels: Tensor): number {
  return scalar(tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'int32')));
}

function scalar(tensor: Tensor): number {
  return tensor.dataSync()[0] as number;
}
