/** Predictions for single images. */
import type { Dataset } from '../dataset/dataset.ts';
import type { Labels } from '../dataset/formats/found.ts';
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
  /** Probability of the predicted class, 0 to 1, with the temperature. */
  readonly probability: number;
  /** Probability of the true class, 0 to 1, with the temperature. */
  readonly labelProbability: number;
  /** Cross-entropy of the logits as they are (nats). */
  readonly loss: number;
}

/** A prediction with what only figures over many images are made of. */
export interface EvaluatedPrediction extends Prediction {
  /** Probability of the predicted class without the temperature, 0 to 1. */
  readonly rawProbability: number;
  /** Number of classes that come before the true one in the order of `topK`: 0 if the prediction is correct. */
  readonly labelRank: number;
}

/**
 * Predictions from logits: softmax and cross-entropy in double precision.
 *
 * @param indices [batch], images of the data set, which has their labels
 * @param logits [batch, classes], row by row; if one is NaN, so are the image's probabilities and loss
 * @param temperature what logits are divided by for probabilities, see `temperatureOf`; default: 1
 */
export function predictionsOf(
  { labels }: Pick<Dataset, 'labels'>,
  indices: Int32Array,
  logits: Float32Array,
  temperature = 1,
): EvaluatedPrediction[] {
  return rowsOf(logits, indices.length).map((own, row) => {
    const image = indices[row]!;
    return { image, ...predictionOf(own, labels[image]!, temperature) };
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

function predictionOf(logits: Float32Array, label: number, temperature: number): Omit<EvaluatedPrediction, 'image'> {
  const predicted = likeliestOf(logits);
  const [largest, own] = [logits[predicted]!, logits[label]!];
  const logSum = logSumOf(logits, largest);
  const scaledSum = logSumOf(logits, largest, temperature);
  const isBefore = (logit: number, index: number) => logit > own || (logit === own && index < label);
  return {
    label,
    predicted,
    probability: Math.exp(largest / temperature - scaledSum),
    labelProbability: Math.exp(own / temperature - scaledSum),
    loss: logSum - own,
    rawProbability: Math.exp(largest - logSum),
    labelRank: logits.reduce((rank, logit, index) => rank + (isBefore(logit, index) ? 1 : 0), 0),
  };
}

/** Class of the largest logit; of equal logits the first. */
function likeliestOf(logits: Float32Array): number {
  return logits.reduce((best, logit, index) => (logit > logits[best]! ? index : best), 0);
}

/**
 * True and predicted class of each image.
 *
 * @param logits [count, classes], row by row
 * @param labels class of each image, [count]
 */
export function answersOf(logits: Float32Array, labels: Labels): Pick<Prediction, 'label' | 'predicted'>[] {
  return rowsOf(logits, labels.length).map((own, image) => ({ label: labels[image]!, predicted: likeliestOf(own) }));
}

/** log Σ exp(logit / temperature), without overflow; default: 1. */
export function logSumOf(logits: Float32Array, largest: number, temperature = 1): number {
  const sum = logits.reduce((total, logit) => total + Math.exp((logit - largest) / temperature), 0);
  return largest / temperature + Math.log(sum);
}

/** A class with its probability, 0 to 1. */
export type RankedClass = Pick<Prediction, 'predicted' | 'predictedName' | 'probability'>;

/**
 * The `k` most probable classes, the most probable first; of equal ones the lower class first.
 *
 * @param logits logits of one image, [classes]; if one is NaN, so are the probabilities
 * @param k number of classes at most
 * @param temperature see `predictionsOf`; default: 1
 */
export function topK(logits: Float32Array, k: number, temperature = 1): RankedClass[] {
  const order = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!);
  const logSum = logSumOf(logits, logits[order[0]!]!, temperature);
  return order.slice(0, k).map((predicted) => {
    return { predicted, probability: Math.exp(logits[predicted]! / temperature - logSum) };
  });
}

/** Sums over predictions, as an engine gives them over a batch. */
export function sumOf(predictions: readonly Prediction[]): LossSums {
  return {
    count: predictions.length,
    lossSum: predictions.reduce((sum, { loss }) => sum + loss, 0),
    correct: predictions.filter(({ label, predicted }) => label === predicted).length,
  };
}

/** A prediction without what only figures over many images are made of. */
export function withoutFigures(prediction: EvaluatedPrediction): Prediction {
  const { rawProbability: _, labelRank: __, ...rest } = prediction;
  return rest;
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
