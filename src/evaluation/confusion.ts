/** Which classes are taken for which, and what that makes of each class. */
import type { Prediction } from './predictions.ts';

/** [classes][classes]: of the images of each true class (row), how many were taken for each class (column). */
export type ConfusionMatrix = readonly (readonly number[])[];

/** A class's scores, each 0 to 1, or null where it is 0/0, as in scikit-learn with `zero_division=nan`. */
export interface ClassScores {
  readonly label: number;
  /** Its images. */
  readonly support: number;
  /** Of what was taken for this class, the fraction that is; null where nothing was. */
  readonly precision: number | null;
  /** Of this class, the fraction that was found; null where it has no images. */
  readonly recall: number | null;
  /** Harmonic mean of both, 2·TP / (2·TP + FP + FN): null only where both are. */
  readonly f1: number | null;
}

/** Images of one class that were taken for another. */
export interface Confusion {
  readonly label: number;
  readonly predicted: number;
  readonly images: number;
}

/** @param classes how many, those without images among them */
export function confusionMatrix(
  predictions: readonly Pick<Prediction, 'label' | 'predicted'>[],
  classes: number,
): ConfusionMatrix {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const { label, predicted } of predictions) matrix[label]![predicted]! += 1;
  return matrix;
}

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
 * The most frequent confusions of two classes, in falling order; equal ones by true and then by predicted class.
 *
 * @param count how many at most; those that never happen are none
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
