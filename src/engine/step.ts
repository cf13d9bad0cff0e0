/** One step of training and one batch of evaluation, written once in TensorFlow.js ops, to be run or recorded. */
import type { Frozen, Model } from '../model/model.ts';
import type { AdamScalars } from '../runtime/ops.ts';
import type { Scalar, Tensor, TensorFlowJs } from '../runtime/tensor.ts';
import { changedImages, type ImageChangeTensors } from './image-changes.ts';
import { type LossOptions, lossOf } from './loss.ts';
import type { TrainedModel } from './trained-model.ts';

/** A batch of images on the device. */
export interface BatchTensors {
  /** [batch, height, width, channels], normalised */
  readonly pixels: Tensor;
  /** [batch], int32 */
  readonly labels: Tensor;
}

/** Inputs of a training step for a group of parameters; see `AdamStep`. */
export type GroupInputs = AdamScalars & {
  /** 1 − lr·λ; absent without weight decay. */
  readonly decay?: Tensor;
};

/** Inputs of a training step beside its batch. */
export type StepInputs = {
  /** For each group in training. */
  readonly groups: readonly GroupInputs[];
  /** Weight of the new weights in the moving average; absent without one. */
  readonly averaging?: Tensor;
  /** Augmentation. */
  readonly changes: ImageChangeTensors;
  /** Weights of the images in the loss, [batch]; absent if all weigh the same. */
  readonly weights?: Tensor;
  /** Sum of the weights of the whole batch, where this is a part of it. */
  readonly weightSum?: Tensor;
};

/** How workers that each compute a part of a batch join what they have computed; see `peers/joined-step.ts`. */
export interface Joining {
  /** Images of the whole batch. */
  readonly images: number;
  /** Sums gradients over the workers, and moves the running statistics. */
  gradients(own: ReadonlyMap<string, Tensor>): ReadonlyMap<string, Tensor>;
}

/** `LossSums` on the device: scalars of a batch. */
export type LossSumTensors = {
  /** Sum of the images' cross-entropies (nats); of a training step its loss, see `lossOf`, times its images. */
  readonly lossSum: Tensor;
  /** Number of images whose largest logit is that of their label, float32. */
  readonly correct: Tensor;
};

/**
 * One training step: forward, backward, weight decay, Adam, moving average. The forward pass moves the running
 * statistics. Frozen parts are only computed.
 *
 * @param joining of the workers, if the batch is this one's part of a larger one; default: it is whole
 * @returns sums of the batch from before the update; of a part, such that the parts' sums are those of the whole
 */
export function trainingStep(
  trained: TrainedModel,
  { pixels, labels }: BatchTensors,
  { changes, weights, weightSum, averaging, groups }: StepInputs,
  joining?: Joining,
): LossSumTensors {
  const { model, average, hyperparameters, frozen, classWeights } = trained;
  const { tf, ops } = model.runtime;
  const augmented = changedImages(model.runtime, pixels, changes, trained.normalisation); // [B, H, W, C]
  const loss: LossOptions = {
    smoothing: hyperparameters.labelSmoothing,
    ...(classWeights && weights ? { weights: { ofClasses: classWeights, ofImages: weights, sum: weightSum } } : {}),
    images: joining?.images,
  };
  const { sums, gradients: own } = gradientsOf(model, { pixels: augmented, labels }, loss, frozen);
  const gradients = joining?.gradients(own) ?? own;
  const { clipNorm } = hyperparameters;
  const applied = clipNorm === undefined ? gradients : clipped(tf, gradients, clipNorm);
  const moments = trained.moments();
  for (const [index, { parts }] of trained.groups.entries()) {
    const { decay, ...scalars } = groups[index] as GroupInputs;
    const members = trained.trainable().filter(({ parameter }) => parts.has(parameter.part));
    // The weights decay after the backward pass: its gradients are those of the weights before.
    if (decay) for (const { variable } of members) variable.assign(tf.mul(variable.read(), decay));
    const updates = members.flatMap(({ parameter, variable }) => {
      const gradient = applied.get(parameter.name);
      const slots = moments.get(parameter.name);
      return gradient && slots ? [{ variable, moments: slots, gradient }] : [];
    });
    ops.applyAdam(updates, scalars, hyperparameters);
  }
  if (average && averaging) moveAverage(trained, average, averaging);
  return sums;
}

/** One batch of evaluation by the running statistics: its logits, [batch, classes], and sums. Changes nothing. */
export function evaluationStep(
  model: Model,
  { pixels, labels }: BatchTensors,
): LossSumTensors & { readonly logits: Tensor } {
  const { tf, ops } = model.runtime;
  const logits = model.logits(pixels, false); // [B, classes]
  const lossSum = tf.sum(ops.softmaxCrossEntropy(logits, labels));
  return { logits, lossSum, correct: countCorrect(tf, logits, labels) };
}

/**
 * Gradients of the loss by parameter name. A parameter that the loss does not depend on is absent: a bias in front
 * of a batch norm, whose gradient is exactly zero, and which Adam would leave where it is.
 *
 * Moves the running statistics. Call it inside `tidy`.
 *
 * @param loss default: the mean of the images' cross-entropies
 * @param frozen parts whose parameters have no gradient, and whose running statistics stay; default: none
 */
export function gradientsOf(
  model: Model,
  { pixels, labels }: BatchTensors,
  loss: LossOptions = {},
  frozen?: Frozen,
): { sums: LossSumTensors; gradients: ReadonlyMap<string, Tensor> } {
  const { tf } = model.runtime;
  const trainable = model.trainable(frozen);
  const names = trainable.map(({ parameter }) => parameter.name);
  const weights = trainable.map(({ variable }) => variable.read());
  let kept: Tensor | undefined; // `gradients` disposes every tensor of the forward pass that is not kept
  const lossOfWeights = (): Scalar => {
    const inputs = new Map(names.map((name, index) => [name, weights[index] as Tensor]));
    const logits = model.logits(pixels, true, inputs, frozen);
    kept = tf.keep(countCorrect(tf, logits, labels));
    return lossOf(model.runtime, logits, labels, loss);
  };
  // `tf.grads` insists that every input has a gradient; TensorFlow.js's engine, which it calls, can leave some out.
  const { value, grads } = tf.engine().gradients(lossOfWeights, weights, undefined, true);
  for (const weight of weights) weight.dispose(); // with a second reference, Adam would copy each weight first
  const correct = tf.clone(kept as unknown as Tensor);
  kept?.dispose();
  const gradients = new Map<string, Tensor>();
  for (const [index, name] of names.entries()) if (grads[index]) gradients.set(name, grads[index]);
  return { sums: { lossSum: tf.mul(value, loss.images ?? labels.size), correct }, gradients };
}

/** The gradients, scaled by one factor so that the norm over all of them is at most `clipNorm`. */
function clipped(
  tf: TensorFlowJs,
  gradients: ReadonlyMap<string, Tensor>,
  clipNorm: number,
): ReadonlyMap<string, Tensor> {
  const squares = [...gradients.values()].map((gradient) => tf.sum(tf.square(gradient)));
  const norm = tf.sqrt(tf.addN(squares));
  const factor = tf.minimum(tf.div(clipNorm, tf.add(norm, 1e-6)), 1); // 1e-6 as in PyTorch's clip_grad_norm_
  return new Map([...gradients].map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
}

/**
 * Moves the average of every weight and running statistic towards its present value. Those of frozen parts have not
 * moved from it.
 */
function moveAverage({ model, frozen }: TrainedModel, average: Model, averaging: Tensor): void {
  const { tf } = model.runtime;
  for (const { name, kind, part } of model.parameters) {
    if (kind === 'batchCount' || frozen.parts.has(part)) continue;
    const variable = model.variable(name);
    const target = average.variable(name);
    const value = target.read();
    target.assign(tf.add(value, tf.mul(tf.sub(variable.read(), value), averaging)));
  }
}

/**
 * Number of images whose largest logit is that of their label. It is counted in float32, which is exact for whole
 * numbers up to 2²⁴: on a GPU TensorFlow compares and sums int32 on the host.
 */
function countCorrect(tf: TensorFlowJs, logits: Tensor, labels: Tensor): Tensor {
  const predicted = tf.cast(tf.argMax(logits, 1), 'float32'); // [B]
  return tf.sum(tf.cast(tf.equal(predicted, tf.cast(labels, 'float32')), 'float32'));
}
