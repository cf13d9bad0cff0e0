/** One step of training and one batch of evaluation, written once in TensorFlow.js ops, to be run or recorded. */
import { NORMALISED } from '../dataset/batches.ts';
import { Model, type OptimizerState } from '../model/model.ts';
import { toRuntime } from '../model/parameter-layout.ts';
import type { Runtime } from '../runtime/open.ts';
import type { AdamMoments, AdamScalars, Ops } from '../runtime/ops.ts';
import type { Scalar, Tensor, TensorFlowJs } from '../runtime/tensor.ts';
import type { EngineSource } from './engine.ts';
import type { Hyperparameters } from './hyperparameters.ts';

/** What a batch of images is, on the backend. */
export interface BatchTensors {
  /** [batch, height, width, channels], normalised */
  readonly pixels: Tensor;
  /** [batch], int32 */
  readonly labels: Tensor;
}

/** Sums over the images of a batch, as scalars. */
export type LossSumTensors = {
  /** Sum of the images' cross-entropies (nats). */
  readonly lossSum: Tensor;
  /** Number of images whose largest logit is that of their label. */
  readonly correct: Tensor;
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

/** The same images, each by its own map. */
export function augmented(
  { runtime: { ops } }: Model,
  { pixels, labels }: BatchTensors,
  transforms: Tensor,
): BatchTensors {
  return { pixels: ops.transformImages(pixels, transforms, NORMALISED[0] ?? 0), labels };
}

/** A step's numbers as scalars; those of decay and average where there is one. */
export type StepScalars = AdamScalars & { readonly decay?: Tensor; readonly averaging?: Tensor };

/** A second model that begins with the average of the first. */
export function averagedModel(runtime: Runtime, { network, parameters, state }: EngineSource): Model {
  const { ops } = runtime;
  const variable: Ops['variable'] = (name, ...facts) => ops.variable(averageName(name), ...facts);
  const values = state.averaged?.values ?? state.values;
  return new Model({ ...runtime, ops: { ...ops, variable } }, network, parameters, { ...state, values });
}

/** The variable of an average, by what it is of. (A graph takes no node whose name begins another's that came before.) */
export function averageName(name: string): string {
  return `ema/${name}`;
}

/** Weights and running statistics, behind their step. */
export function moveAverage(model: Model, average: Model, averaging: Tensor): void {
  const { tf } = model.runtime;
  for (const [name, variable] of model.variables()) {
    const target = average.variable(name);
    const value = target.read();
    target.assign(tf.add(value, tf.mul(tf.sub(variable.read(), value), averaging)));
  }
}

/** Forward, backward, Adam and the running statistics on one batch; the sums are from before the update. */
export function trainingStep(
  model: Model,
  moments: Moments,
  batch: BatchTensors,
  { decay, averaging: _, ...scalars }: StepScalars,
  hyperparameters: Hyperparameters,
): LossSumTensors {
  const { clipNorm } = hyperparameters;
  const { sums, gradients: whole } = gradientsOf(model, batch, hyperparameters.labelSmoothing);
  const gradients = clipNorm === undefined ? whole : clipped(model, whole, clipNorm);
  // Behind the backward pass, whose gradients are those of the weights before they decay.
  if (decay)
    for (const { variable } of model.trainable()) variable.assign(model.runtime.tf.mul(variable.read(), decay));
  const updates = model.trainable().flatMap(({ parameter, variable }) => {
    const gradient = gradients.get(parameter.name);
    const slots = moments.get(parameter.name);
    return gradient && slots ? [{ variable, moments: slots, gradient }] : [];
  });
  model.runtime.ops.applyAdam(updates, scalars, hyperparameters);
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
  labelSmoothing = 0,
): { sums: LossSumTensors; gradients: ReadonlyMap<string, Tensor> } {
  const { tf, ops } = model.runtime;
  const trainable = model.trainable();
  const names = trainable.map(({ parameter }) => parameter.name);
  const weights = trainable.map(({ variable }) => variable.read());
  let kept: Tensor | undefined; // all that the forward pass does not return is disposed of with its end
  const meanLoss = (): Scalar => {
    const logits = model.logits(pixels, true, new Map(names.map((name, index) => [name, weights[index] as Tensor])));
    kept = tf.keep(countCorrect(model, logits, labels));
    const losses = ops.softmaxCrossEntropy(logits, labels);
    return tf.mean(labelSmoothing > 0 ? smoothed(tf, losses, logits, labelSmoothing) : losses) as Scalar;
  };
  // `tf.grads` insists that every input has a gradient; the engine beneath it can leave some out.
  const { value, grads } = tf.engine().gradients(meanLoss, weights, undefined, true);
  for (const weight of weights) weight.dispose(); // a second reference would make Adam copy each weight before its update
  const correct = tf.clone(kept as unknown as Tensor);
  kept?.dispose();
  const gradients = new Map<string, Tensor>();
  for (const [index, name] of names.entries()) if (grads[index]) gradients.set(name, grads[index]);
  return { sums: { lossSum: tf.mul(value, labels.size), correct }, gradients };
}

/**
 * Cross-entropy with targets of 1 − ε + ε/classes for the label and ε/classes for the others.
 *
 * @param losses [batch], with the labels alone
 * @param logits [batch, classes]
 */
function smoothed(tf: TensorFlowJs, losses: Tensor, logits: Tensor, epsilon: number): Tensor {
  const even = tf.sub(tf.logSumExp(logits, 1), tf.mean(logits, 1)); // [batch], with all classes alike
  return tf.add(tf.mul(losses, 1 - epsilon), tf.mul(even, epsilon));
}

/** The same direction over all of them, and a norm of at most `most`. */
function clipped(
  { runtime: { tf } }: Model,
  gradients: ReadonlyMap<string, Tensor>,
  most: number,
): ReadonlyMap<string, Tensor> {
  const squares = [...gradients.values()].map((gradient) => tf.sum(tf.square(gradient)));
  const norm = tf.sqrt(tf.addN(squares));
  const factor = tf.minimum(tf.div(most, tf.add(norm, 1e-6)), 1); // PyTorch's 1e-6
  return new Map([...gradients].map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
}

/** Logits [batch, classes], loss and correct predictions of one batch by the running statistics; changes nothing. */
export function evaluationStep(
  model: Model,
  { pixels, labels }: BatchTensors,
): LossSumTensors & { readonly logits: Tensor } {
  const { tf, ops } = model.runtime;
  const logits = model.logits(pixels, false);
  return {
    logits,
    lossSum: tf.sum(ops.softmaxCrossEntropy(logits, labels)),
    correct: countCorrect(model, logits, labels),
  };
}

/** In float32, which is exact for whole numbers up to 2²⁴: on a GPU TensorFlow compares and sums int32 on the host. */
function countCorrect({ runtime: { tf } }: Model, logits: Tensor, labels: Tensor): Tensor {
  const predicted = tf.cast(tf.argMax(logits, 1), 'float32');
  return tf.sum(tf.cast(tf.equal(predicted, tf.cast(labels, 'float32')), 'float32'));
}
