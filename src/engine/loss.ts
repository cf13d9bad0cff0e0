/** The loss of a training step: PyTorch's `CrossEntropyLoss` with its label smoothing and its weights of classes. */
import type { Runtime } from '../runtime/open.ts';
import type { Scalar, Tensor, TensorFlowJs } from '../runtime/tensor.ts';

/** What a loss differs in from the plain mean of the images' cross-entropies. */
export interface LossOptions {
  /** ε of label smoothing, see `HYPERPARAMETERS`; default: 0. */
  readonly smoothing?: number;
  /** Weights of the classes; default: all weigh the same. */
  readonly weights?: LossWeights | undefined;
  /** Images over which the mean is taken; default: those of the batch, which may be a part of theirs. */
  readonly images?: number | undefined;
}

/** How much an image counts in the loss, by its class. */
export interface LossWeights {
  /** [classes] */
  readonly ofClasses: Float32Array;
  /** The weight of each image's class, [batch]. */
  readonly ofImages: Tensor;
  /** Sum of the weights over which the mean is taken; default: of those of the batch. */
  readonly sum?: Tensor | undefined;
}

/**
 * The loss of a batch: the mean of the images' cross-entropies with their targets, of 1 − ε + ε/classes for the label
 * and ε/classes for the others.
 *
 * With weights w, the loss is divided by Σ w of the labels. An image's cross-entropy with its label is multiplied by the
 * label's weight, but in the part of ε every class has its own: (1 − ε) · w_y · (−log p_y) + ε/classes · Σ w_c · (−log p_c).
 * So is PyTorch's. Weights that are all multiplied by one factor give the same loss.
 *
 * @param logits [batch, classes]
 * @param labels [batch], int32
 */
export function lossOf(
  { tf, ops }: Pick<Runtime, 'tf' | 'ops'>,
  logits: Tensor,
  labels: Tensor,
  { smoothing = 0, weights, images }: LossOptions,
): Scalar {
  const ofLabels = ops.softmaxCrossEntropy(logits, labels); // [B]
  const losses = weights ? tf.mul(ofLabels, weights.ofImages) : ofLabels;
  const all = smoothing > 0 ? mixed(tf, losses, uniformLosses(tf, logits, weights?.ofClasses), smoothing) : losses;
  if (weights) return tf.div(tf.sum(all), weights.sum ?? tf.sum(weights.ofImages));
  return images === undefined ? tf.mean(all) : tf.div(tf.sum(all), images);
}

function mixed(tf: TensorFlowJs, losses: Tensor, uniform: Tensor, smoothing: number): Tensor {
  return tf.add(tf.mul(losses, 1 - smoothing), tf.mul(uniform, smoothing));
}

/**
 * Cross-entropies with equal targets for all classes, each of which counts by its weight.
 *
 * @returns [batch]
 */
function uniformLosses(tf: TensorFlowJs, logits: Tensor, weights: Float32Array | undefined): Tensor {
  const logSums = tf.logSumExp(logits, 1); // [B]
  if (!weights) return tf.sub(logSums, tf.mean(logits, 1));
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return tf.sub(tf.mul(logSums, mean), tf.mean(tf.mul(logits, tf.tensor1d(weights)), 1));
}
