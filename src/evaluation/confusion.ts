/** The confusion matrix, and scores of each class. */
import type { Prediction } from './predictions.ts';

/** [classes][classes]: number of images of each true class (row) predicted as each class (column). */
export type ConfusionMatrix = readonly (readonly number[])[];

/** Scores of a class, each 0 to 1, or null if it is 0/0, as in scikit-learn with `zero_division=nan`. */
export interface ClassScores {
  readonly label: number;
  /** Number of images of the class. */
  readonly support: number;
  /** Fraction of correct ones among the images predicted as this class; null if there are none. */
  readonly precision: number | null;
  /** Fraction of correct ones among the images of this class; null if there are none. */
  readonly recall: number | null;
  /** Harmonic mean of precision and recall, 2·TP / (2·TP + FP + FN); null if both are. */
  readonly f1: number | null;
}

/** Images of one class predicted as another. */
export interface Confusion {
  readonly label: number;
  readonly predicted: number;
  /** Number of images. */
  readonly images: number;
}

/**
 * The confusion matrix of predictions.
 *
 * @param classes number of classes, those without images included
 */
export function confusionMatrix(
  predictions: readonly Pick<Prediction, 'label' | 'predicted'>[],
  classes: number,
): ConfusionMatrix {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const { label, predicted } of predictions) matrix[label]![predicted]! += 1;
  return matrix;
}

/** Scores of every class, in order. */
export function classScores(matrix: ConfusionMatrix): ClassScores[] {
  return matrix.map((row, label) => {
    const correct = row[label]!;
    const support = sum(row);
    const predictedCount = sum(matrix.map((others) => others[label]!));
    return {
      label,
      support,
      precision: ratio(correct, predictedCount),
      recall: ratio(correct, support),
      f1: ratio(2 * correct, support + predictedCount),
    };
  });
}

/**
 * The most frequent confusions, in falling order; equally frequent ones by true and then by predicted class.
 *
 * @param count number of confusions at most; there are fewer if fewer pairs of classes were confused
 */
export function topConfusions(matrix: ConfusionMatrix, count: number): Confusion[] {
  return matrix
    .flatMap((row, label) => row.map((images, predicted) => ({ label, predicted, images })))
    .filter(({ label, predicted, images }) => label !== predicted && images > 0)
    .sort((a, b) => b.images - a.images)
    .slice(0, count);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
