/** One step of training and one batch of evaluation, written once in TensorFlow.js ops, to be run or recorded. */
import type { AdamMoments, AdamScalars } from '../runtime/ops.ts';
import type { Scalar, Tensor } from '../runtime/tensor.ts';
import { type Model, type OptimizerState, toRuntime } from './model.ts';

/** What a batch of images is, on the backend. */
export interface BatchTensors {
  /** [batch, height, width, channels], normalised */
  readonly pixels: Tensor;
  /** [batch], int32 */
  readonly labels: Tensor;
}

/** Sums over the images of a batch, as scalars. */
export type BatchSums = {
  /** Sum of the images' cross-entropies. */
  readonly lossSum: Tensor;
  /** How many images' largest logit is their label's. */
  readonly hits: Tensor;
};

/** Adam's state of each trained parameter, by name. */
export type Moments = ReadonlyMap<string, AdamMoments>;

/** The variable of a moment, by its parameter's name. */
export function momentName(parameter: string, which: keyof AdamMoments): string {
  return `${parameter}/adam/${which}`;
}

/**
 * Adam's moments of every trained parameter.
 *
 * @param from what they begin with; default: zeros
 */
export function makeMoments(model: Model, from?: OptimizerState): Moments {
  const { ops } = model.runtime;
  return new Map(
    model.trainable().map(({ parameter, variable: { shape } }) => {
      const moment = (which: keyof AdamMoments) => {
        const value = from?.[which].get(parameter.name);
        return ops.variable(momentName(parameter.name, which), shape, value && toRuntime(parameter, value)[0]);
      };
      return [parameter.name, { first: moment('first'), second: moment('second') }];
    }),
  );
}

/** Frees what `makeMoments` made. */
export function disposeMoments(moments: Moments): void {
  for (const { first, second } of moments.values()) {
    first.dispose();
    second.dispose();
  }
}

/** Forward, backward, Adam and the running statistics on one batch; the sums are from before the update. */
export function trainingStep(model: Model, moments: Moments, batch: BatchTensors, scalars: AdamScalars): BatchSums {
  const { sums, gradients } = gradientsOf(model, batch);
  const updates = model.trainable().flatMap(({ parameter, variable }) => {
    const gradient = gradients.get(parameter.name);
    const slots = moments.get(parameter.name);
    return gradient && slots ? [{ variable, moments: slots, gradient }] : [];
  });
  model.runtime.ops.applyAdam(updates, scalars);
  return sums;
}

/**
 * The mean loss's gradients by parameter name. A parameter that the loss does not depend on is absent: a bias in front
 * of a batch norm, whose gradient is exactly zero, and which Adam would leave where it is.
 *
 * Moves the running statistics. Call it inside `tidy`.
 */
export function gradientsOf(
  model: Model,
  { pixels, labels }: BatchTensors,
): { sums: BatchSums; gradients: ReadonlyMap<string, Tensor> } {
  const { tf, ops } = model.runtime;
  const trainable = model.trainable();
  const names = trainable.map(({ parameter }) => parameter.name);
  const weights = trainable.map(({ variable }) => variable.read());
  let kept: Tensor | undefined; // all that the forward pass does not return is disposed of with its end
  const meanLoss = (): Scalar => {
    const logits = model.logits(pixels, true, new Map(names.map((name, index) => [name, weights[index] as Tensor])));
    kept = tf.keep(countHits(model, logits, labels));
    return tf.mean(ops.softmaxCrossEntropy(logits, labels)) as Scalar;
  };
  // `tf.grads` insists that every input has a gradient; the engine beneath it can leave some out.
  const { value, grads } = tf.engine().gradients(meanLoss, weights, undefined, true);
  for (const weight of weights) weight.dispose(); // a second reference would make Adam copy each weight before its update
  const hits = tf.clone(kept as unknown as Tensor);
  kept?.dispose();
  const gradients = new Map<string, Tensor>();
  for (const [index, name] of names.entries()) if (grads[index]) gradients.set(name, grads[index]);
  return { sums: { lossSum: tf.mul(value, labels.size), hits }, gradients };
}

/** Loss and hits of one batch by the running statistics; changes nothing. */
export function evaluationStep(model: Model, { pixels, labels }: BatchTensors): BatchSums {
  const { tf, ops } = model.runtime;
  const logits = model.logits(pixels, false);
  return { lossSum: tf.sum(ops.softmaxCrossEntropy(logits, labels)), hits: countHits(model, logits, labels) };
}

/** In float32, which is exact for whole numbers up to 2²⁴: on a GPU TensorFlow compares and sums int32 on the host. */
function countHits({ runtime: { tf } }: Model, logits: Tensor, labels: Tensor): Tensor {
  const guesses = tf.cast(tf.argMax(logits, 1), 'float32');
  return tf.sum(tf.cast(tf.equal(guesses, tf.cast(labels, 'float32')), 'float32'));
}
