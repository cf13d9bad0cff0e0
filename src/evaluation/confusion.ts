/** The confusion matrix, and scores of each class. */
import type { MacroScores } from './metrics.ts';
import type { Prediction } from './predictions.ts';

/** [classes][classes]: number of images of each true class (row) predicted as each class (column). */
export type ConfusionMatrix = readonly (readonly number[])[];

/** What is compared: the true and the predicted class. */
export type Answer = Pick<Prediction, 'label' | 'predicted'>;

/** Most classes whose confusions are shown as a matrix: its cells are the square of their number. */
export const MOST_MATRIX_CLASSES = 1000;

/** Scores of a class, each 0 to 1, or null if it is 0/0, as in scikit-learn with `zero_division=nan`. */
export interface ClassScores {
  readonly label: number;
  /** The class's name; absent if classes have none. */
  readonly labelName?: string;
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
  /** The classes' names; absent if classes have none. */
  readonly labelName?: string;
  readonly predictedName?: string;
  /** Number of images. */
  readonly images: number;
}

/**
 * The confusion matrix of predictions.
 *
 * @param classes number of classes, those without images included
 * @returns undefined if there are more classes than a matrix shows
 */
export function confusionMatrix(predictions: readonly Answer[], classes: number): ConfusionMatrix | undefined {
  if (classes > MOST_MATRIX_CLASSES) return undefined;
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const { label, predicted } of predictions) matrix[label]![predicted]! += 1;
  return matrix;
}

/** Scores of every class, in order. */
export function classScores(predictions: readonly Answer[], classes: number): ClassScores[] {
  const [correct, support, predictedCounts] = [0, 1, 2].map(() => new Uint32Array(classes)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  for (const { label, predicted } of predictions) {
    support[label]! += 1;
    predictedCounts[predicted]! += 1;
    if (label === predicted) correct[label]! += 1;
  }
  return Array.from(support, (images, label) => {
    const [hits, answers] = [correct[label]!, predictedCounts[label]!];
    const f1 = ratio(2 * hits, images + answers);
    return { label, support: images, precision: ratio(hits, answers), recall: ratio(hits, images), f1 };
  });
}

/**
 * The means of the scores of classes: scikit-learn's `balanced_accuracy_score`, and its `f1_score` with
 * `average="macro"`. A class counts unless its score is 0/0.
 *
 * @param scores of all classes, at least one of which has images
 */
export function macroScores(scores: readonly Pick<ClassScores, 'recall' | 'f1'>[]): MacroScores {
  return { balancedAccuracy: meanOf(scores.map(({ recall }) => recall)), macroF1: meanOf(scores.map(({ f1 }) => f1)) };
}

function meanOf(scores: readonly (number | null)[]): number {
  const known = scores.filter((score) => score !== null);
  return known.reduce((sum, score) => sum + score, 0) / known.length;
}

/**
 * The most frequent confusions, in falling order; equally frequent ones by true and then by predicted class.
 *
 * @param count number of confusions at most; there are fewer if fewer pairs of classes were confused
 */
export function topConfusions(predictions: readonly Answer[], count: number): Confusion[] {
  const confusions = new Map<string, { label: number; predicted: number; images: number }>();
  for (const { label, predicted } of predictions) {
    if (label === predicted) continue;
    const key = `${label} ${predicted}`;
    const found = confusions.get(key) ?? { label, predicted, images: 0 };
    found.images += 1;
    confusions.set(key, found);
  }
  return [...confusions.values()]
    .sort((a, b) => b.images - a.images || a.label - b.label || a.predicted - b.predicted)
    .slice(0, count);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
