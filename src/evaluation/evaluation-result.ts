/** All that is told of a model's predictions for a set of images. */
import { type Calibration, calibrationOf } from './calibration.ts';
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

export interface EvaluationResult extends Metrics {
  /** How many images were classified right: the sum of the confusion matrix's diagonal. */
  readonly correct: number;
  /** The accuracy's 95 % interval (Wilson). */
  readonly interval: readonly [low: number, high: number];
  readonly calibration: Calibration;
  readonly confusionMatrix: ConfusionMatrix;
  /** By class, those without images among them. */
  readonly classes: readonly ClassScores[];
  /** The five most frequent. */
  readonly topConfusions: readonly Confusion[];
  /** As many as were asked for; see `worstMistakes`. */
  readonly worst: readonly Prediction[];
}

const TOP_CONFUSIONS = 5;

/**
 * @param predictions at least one
 * @param classes how many the model knows
 * @param worst how many of the worst mistakes are wanted
 */
export function evaluationResult(predictions: readonly Prediction[], classes: number, worst: number): EvaluationResult {
  const sums = sumOf(predictions);
  const metrics = meanOf(sums);
  const matrix = confusionMatrix(predictions, classes);
  return {
    ...metrics,
    correct: sums.correct,
    interval: wilsonInterval(metrics.accuracy, metrics.images),
    calibration: calibrationOf(predictions),
    confusionMatrix: matrix,
    classes: classScores(matrix),
    topConfusions: topConfusions(matrix, TOP_CONFUSIONS),
    worst: worstMistakes(predictions, worst),
  };
}
