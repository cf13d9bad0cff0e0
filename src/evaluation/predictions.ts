/** Predictions for single images. */
import type { Dataset } from '../dataset/dataset.ts';
import type { LossSums } from '../engine/engine.ts';

/** Prediction for one image. */
export interface Prediction {
  /** Index of the image in its data set. */
  readonly image: number;
  /** Where the image comes from, such as the file of a picture; absent for images that have no name. */
  readonly imageName?: string;
  /** True class of the image. */
  readonly label: number;
  /** Class of the largest logit; of equal logits the first. */
  readonly predicted: number;
  /** The classes' names; absent if classes have none. */
  readonly labelName?: string;
  readonly predictedName?: string;
  /** Probability of the predicted class, 0 to 1. */
  readonly probability: number;
  /** Probability of the true class, 0 to 1. */
  readonly labelProbability: number;
  /** Cross-entropy (nats). */
  readonly loss: number;
}

/**
 * Predictions from logits: softmax and cross-entropy in double precision.
 *
 * @param indices [batch], images of the data set, which has their labels
 * @param logits [batch, classes], row by row; if one is NaN, so are the image's probabilities and loss
 */
export function predictionsOf(
  { labels }: Pick<Dataset, 'labels'>,
  indices: Int32Array,
  logits: Float32Array,
): Prediction[] {
  return rowsOf(logits, indices.length).map((own, row) => {
    const image = indices[row]!;
    return { image, ...predictionOf(own, labels[image]!) };
  });
}

/**
 * Rows of a matrix, as views.
 *
 * @param logits [count, classes], row by row
 */
export function rowsOf(logits: Float32Array, count: number): Float32Array[] {
  const classes = logits.length / count;
  return Array.from({ length: count }, (_, row) => logits.subarray(row * classes, (row + 1) * classes));
}

function predictionOf(logits: Float32Array, label: number): Omit<Prediction, 'image'> {
  const predicted = logits.reduce((best, logit, index) => (logit > logits[best]! ? index : best), 0);
  const logSum = logSumOf(logits, logits[predicted]!);
  const loss = logSum - logits[label]!;
  return {
    label,
    predicted,
    probability: Math.exp(logits[predicted]! - logSum),
    labelProbability: Math.exp(-loss),
    loss,
  };
}

/** log Σ exp(logit), without overflow. */
export function logSumOf(logits: Float32Array, largest: number): number {
  return largest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
}

/** A class with its probability, 0 to 1. */
export type RankedClass = Pick<Prediction, 'predicted' | 'predictedName' | 'probability'>;

/**
 * The `k` most probable classes, the most probable first; of equal ones the lower class first.
 *
 * @param logits logits of one image, [classes]; if one is NaN, so are the probabilities
 * @param k number of classes at most
 */
export function topK(logits: Float32Array, k: number): RankedClass[] {
  const order = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!);
  const logSum = logSumOf(logits, logits[order[0]!]!);
  return order.slice(0, k).map((predicted) => ({ predicted, probability: Math.exp(logits[predicted]! - logSum) }));
}

/** Sums over predictions, as an engine gives them over a batch. */
export function sumOf(predictions: readonly Prediction[]): LossSums {
  return {
    count: predictions.length,
    lossSum: predictions.reduce((sum, { loss }) => sum + loss, 0),
    correct: predictions.filter(({ label, predicted }) => label === predicted).length,
  };
}

/**
 * Wrong predictions with the highest probability, the highest first; equal ones by the probability of the true class,
 * the lowest first.
 *
 * @param count number of predictions at most
 */
export function worstMistakes<Each extends Prediction>(predictions: readonly Each[], count: number): Each[] {
  return predictions
    .filter(({ label, predicted }) => label !== predicted)
    .sort((a, b) => b.probability - a.probability || a.labelProbability - b.labelProbability)
    .slice(0, count);
}
