/** An evaluation of a checkpoint: its figures, and the time that it took. */
import type { Dataset } from '../dataset/dataset.ts';
import type { PreparedEvaluation } from './evaluate-checkpoint.ts';
import type { SplitName } from './evaluated-images.ts';
import { type EvaluationResult, evaluationResult } from './evaluation-result.ts';
import type { EvaluatedPrediction, Prediction } from './predictions.ts';
import { type TwinFigures, twinFigures } from './twins.ts';

/** An evaluation of a checkpoint and the time that it took. */
export interface Evaluation extends EvaluationResult, Partial<TwinFigures> {
  /** The evaluated images. */
  readonly split: SplitName;
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

/**
 * The figures of predictions.
 *
 * @param predictions at least one
 * @param worst number of the worst mistakes that are listed, at most
 * @param seconds the time that the predictions took
 */
export function evaluationOf(
  { file, dataset, data, twins, temperature }: PreparedEvaluation,
  predictions: readonly EvaluatedPrediction[],
  worst: number,
  seconds: number,
): Evaluation {
  const result = evaluationResult(predictions, file.architecture.classes, worst, dataset.classNames, temperature);
  return {
    split: data.split,
    ...result,
    ...twinFigures(predictions, twins),
    worst: result.worst.map((mistake) => withImageName(mistake, dataset)),
    seconds,
    imagesPerSecond: predictions.length / seconds,
  };
}

/** A mistake with the name of its image; images of IDX files have none but their number. */
function withImageName(mistake: Prediction, { format, nameOf }: Dataset): Prediction {
  if (format === 'idx' || nameOf === undefined) return mistake;
  const { image, ...rest } = mistake;
  return { image, imageName: nameOf(image), ...rest };
}

/** Whether an accuracy is below twice that of guessing; with fewer than 3 classes below half-way from there to 1. */
export function isNearChance(accuracy: number, classes: number): boolean {
  return accuracy < Math.min(2 / classes, (1 + 1 / classes) / 2);
}
