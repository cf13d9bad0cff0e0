/** All figures of an evaluation, computed from the predictions. */
import { type Calibration, calibrationOf } from './calibration.ts';
import { type ClassNames, named } from './class-names.ts';
import {
  type ClassScores,
  type Confusion,
  type ConfusionMatrix,
  classScores,
  confusionMatrix,
  macroScores,
  topConfusions,
} from './confusion.ts';
import { type MacroScores, type Metrics, meanOf, wilsonInterval } from './metrics.ts';
import { type EvaluatedPrediction, type Prediction, sumOf, withoutFigures, worstMistakes } from './predictions.ts';

/** Figures of an evaluation. */
export interface EvaluationResult extends Metrics, MacroScores {
  /** Number of correct predictions: the sum of the confusion matrix's diagonal. */
  readonly correct: number;
  /** Wilson's 95 % interval of the accuracy. */
  readonly interval: readonly [low: number, high: number];
  /** Fraction of the images whose class is among the five most probable, 0 to 1; absent of ten classes or fewer. */
  readonly top5Accuracy?: number;
  /** What logits were divided by for probabilities, see `temperatureOf`; null if they stayed as they are. */
  readonly temperature: number | null;
  /** Calibration of the probabilities. */
  readonly calibration: Calibration;
  /** Calibration of the probabilities without the temperature: the same where there is none. */
  readonly calibrationRaw: Calibration;
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

/** Most classes of which the five most probable say nothing worth reading. */
const MOST_WITHOUT_TOP_5 = 10;

/**
 * The figures of an evaluation.
 *
 * @param predictions at least one
 * @param classes number of the model's classes
 * @param worst number of the worst mistakes in the result, at most
 * @param names names of the classes, if they have any
 * @param temperature that of the predictions, if they have one
 */
export function evaluationResult(
  predictions: readonly EvaluatedPrediction[],
  classes: number,
  worst: number,
  names?: ClassNames,
  temperature?: number,
): EvaluationResult {
  const sums = sumOf(predictions);
  const metrics = meanOf(sums);
  const scores = classScores(predictions, classes);
  const isAmong5 = ({ labelRank }: EvaluatedPrediction) => labelRank < 5;
  const top5 = predictions.filter(isAmong5).length / predictions.length;
  return {
    ...metrics,
    correct: sums.correct,
    interval: wilsonInterval(metrics.accuracy, metrics.images),
    ...macroScores(scores),
    ...(classes > MOST_WITHOUT_TOP_5 ? { top5Accuracy: top5 } : {}),
    temperature: temperature ?? null,
    calibration: calibrationOf(predictions),
    calibrationRaw: calibrationOf(
      predictions.map(({ rawProbability, ...each }) => ({ ...each, probability: rawProbability })),
    ),
    confusionMatrix: confusionMatrix(predictions, classes),
    classes: scores.map((each) => named(each, names)),
    topConfusions: topConfusions(predictions, TOP_CONFUSIONS).map((confusion) => named(confusion, names)),
    worst: worstMistakes(predictions, worst).map((mistake) => named(withoutFigures(mistake), names)),
  };
}
