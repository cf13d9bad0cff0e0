/**
 * Finds images whose label a model contradicts with high probability: confident learning (Northcutt, Jiang & Chuang 2021,
 * section 3). How high a probability is, is judged class by class by what the model says of images that bear the class's
 * label, so that the list is no longer of a model that is surer of everything, nor shorter of one that is less sure.
 */
import type { SplitName } from '../evaluated-images.ts';
import { type Prediction, worstMistakes } from '../predictions.ts';

/** Predictions for the images of a part of the data. */
export interface JudgedPart {
  readonly part: SplitName;
  /** Whether the model was trained on these images, or may have been: it has learned their labels, wrong ones too. */
  readonly isTrainedOn: boolean;
  readonly predictions: readonly Prediction[];
}

/** Counts of a part. */
export interface SuspectedPart {
  readonly part: SplitName;
  readonly isTrainedOn: boolean;
  readonly images: number;
  /** Images for which the model predicts another class than the label. */
  readonly contradicted: number;
  /** Those of them for which it is sure enough. */
  readonly suspects: number;
}

/** An image whose label the model contradicts. */
export interface Suspect extends Prediction {
  readonly part: SplitName;
}

/** Images whose label a model contradicts. */
export interface Suspects {
  readonly parts: readonly SuspectedPart[];
  /** Number of all suspects. */
  readonly suspects: number;
  /** Least probability of each predicted class, in order, that makes a suspect; null of a class without images. */
  readonly thresholds: readonly (number | null)[];
  /** The first suspects: those whose predicted class is the most probable. */
  readonly first: readonly Suspect[];
}

/** Which images are listed. */
export interface SuspectChoice {
  /** Number of suspects that are listed, at most. */
  readonly most: number;
  /** Probability of the predicted class from which an image is a suspect; default: see `thresholdsOf`. */
  readonly leastProbability?: number | undefined;
}

/**
 * The suspects among images.
 *
 * @param classes number of the model's classes
 */
export function suspectsOf(
  judged: readonly JudgedPart[],
  classes: number,
  { most, leastProbability }: SuspectChoice,
): Suspects {
  const thresholds =
    leastProbability === undefined ? thresholdsOf(judged, classes) : Array<number>(classes).fill(leastProbability);
  const isSuspect = ({ label, predicted, probability }: Prediction) => {
    return label !== predicted && probability >= (thresholds[predicted] ?? Number.POSITIVE_INFINITY);
  };
  const found: Suspect[] = [];
  const parts = judged.map(({ part, isTrainedOn, predictions }) => {
    const suspects = predictions.filter(isSuspect);
    for (const each of suspects) found.push({ ...each, part });
    const contradicted = predictions.filter(({ label, predicted }) => label !== predicted).length;
    return { part, isTrainedOn, images: predictions.length, contradicted, suspects: suspects.length };
  });
  return { parts, suspects: found.length, thresholds, first: worstMistakes(found, most) };
}

/**
 * For each class the mean of the probabilities that the model gives it for images with its label (the paper's t_j).
 * The paper asks for predictions of images that were not trained on: those count alone where a class has any.
 *
 * @returns null for a class that no image is of
 */
export function thresholdsOf(
  judged: readonly Pick<JudgedPart, 'isTrainedOn' | 'predictions'>[],
  classes: number,
): (number | null)[] {
  const unseen = meansOf(judged.filter(({ isTrainedOn }) => !isTrainedOn).flatMap(predictionsIn), classes);
  const all = meansOf(judged.flatMap(predictionsIn), classes);
  return unseen.map((mean, label) => mean ?? all[label]!);
}

const predictionsIn = ({ predictions }: Pick<JudgedPart, 'predictions'>) => predictions;

/** Mean probability of the label of each class's images; null for a class without any. */
function meansOf(predictions: readonly Prediction[], classes: number): (number | null)[] {
  const sums = Array.from({ length: classes }, () => ({ images: 0, probability: 0 }));
  for (const { label, labelProbability } of predictions) {
    sums[label]!.images += 1;
    sums[label]!.probability += labelProbability;
  }
  return sums.map(({ images, probability }) => (images === 0 ? null : probability / images));
}
