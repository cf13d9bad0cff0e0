/** What a model says of single images. */
import type { Dataset } from '../dataset/source.ts';
import type { LossSums } from '../engine/engine.ts';

export interface Prediction {
  /** The image's index in its data set. */
  readonly image: number;
  /** Its true class. */
  readonly label: number;
  /** The class of the largest logit; of equal ones the first. */
  readonly predicted: number;
  /** Probabilities of the predicted and of the true class, 0 to 1. */
  readonly probability: number;
  readonly labelProbability: number;
  /** Cross-entropy, in nats. */
  readonly loss: number;
}

/**
 * Softmax and cross-entropy in double precision.
 *
 * @param indices [batch], images of the data set, which has their labels
 * @param logits [batch, classes], row by row; where one is NaN, so are the image's probabilities and its loss
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

/** The logits of each image, as views. */
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

/** The logarithm of the sum of exp(logit), which overflows nowhere. */
function logSumOf(logits: Float32Array, largest: number): number {
  return largest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
}

/** A class, and how probable the model holds it, 0 to 1. */
export type RankedClass = Pick<Prediction, 'predicted' | 'probability'>;

/**
 * The classes of the largest logits, the largest first; of equal ones the first.
 *
 * @param logits of one image; where one is NaN, so are the probabilities
 * @param k how many at most
 */
export function topK(logits: Float32Array, k: number): RankedClass[] {
  const order = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!);
  const logSum = logSumOf(logits, logits[order[0]!]!);
  return order.slice(0, k).map((predicted) => ({ predicted, probability: Math.exp(logits[predicted]! - logSum) }));
}

export function sumOf(predictions: readonly Prediction[]): LossSums {
  return {
    count: predictions.length,
    lossSum: predictions.reduce((sum, { loss }) => sum + loss, 0),
    correct: predictions.filter(({ label, predicted }) => label === predicted).length,
  };
}

/**
 * The wrong answers that were given with the highest probability, the highest first; equal ones by the probability of the
 * true class, the lowest first.
 *
 * @param count how many at most
 */
export function worstMistakes(predictions: readonly Prediction[], count: number): Prediction[] {
  return predictions
    .filter(({ label, predicted }) => label !== predicted)
    .sort((a, b) => b.probability - a.probability || a.labelProbability - b.labelProbability)
    .slice(0, count);
}
