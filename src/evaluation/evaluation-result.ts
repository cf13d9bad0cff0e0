/** All figures of an evaluation, computed from the predictions. */
import { type Calibration, calibrationOf } from './calibration.ts';
import { type ClassNames, named } from './class-names.ts';
import {
  type ClassScores,
  type Confusion,
  type ConfusionMatrix,
  classScores,
  confusionMatrix,
  topConfusions,
} from './confusion.ts';
import { type Metrics, meanOf, wilsonInterval } from './metrics.ts';
import { type Prediction, sumOf, worstMistakes } from './predictions.ts';

/** Figures of an evaluation. */
export interface EvaluationResult extends Metrics {
  /** Number of correct predictions: the sum of the confusion matrix's diagonal. */
  readonly correct: number;
  /** Wilson's 95 % interval of the accuracy. */
  readonly interval: readonly [low: number, high: number];
  readonly calibration: Calibration;
  /** Absent if there are more classes than it shows. */
  readonly confusionMatrix?: ConfusionMatrix | undefined;
  /** Scores of every class in order, those without images included. */
  readonly classes: readonly ClassScores[];
  /** The `TOP_CONFUSIONS` most frequent confusions. */
  readonly topConfusions: readonly Confusion[];
  /** Wrong predictions with the highest probability; see `worstMistakes`. */
  readonly worst: readonly Prediction[];
}

/** Number of confusions in a result, at most. */
const TOP_CONFUSIONS = 5;

/**
 * The figures of an evaluation.
 *
 * @param predictions at least one
 * @param classes number of the model's classes
 * @param worst number of the worst mistakes in the result, at most
 * @param names names of the classes, if they have any
 */
export function evaluationResult(
  predictions: readonly Prediction[],
  classes: number,
  worst: number,
  names?: ClassNames,
): EvaluationResult {
  const sums = sumOf(predictions);
  const metrics = meanOf(sums);
  return {
    ...metrics,
    correct: sums.correct,
    interval: wilsonInterval(metrics.accuracy, metrics.images),
    calibration: calibrationOf(predictions),
    confusionMatrix: confusionMatrix(predictions, classes),
    classes: classScores(predictions, classes).map((scores) => named(scores, names)),
    topConfusions: topConfusions(predictions, TOP_CONFUSIONS).map((confusion) => named(confusion, names)),
    worst: worstMistakes(predictions, worst).map((mistake) => named(mistake, names)),
  };
}
