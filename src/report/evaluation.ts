/** What `resnet eval` shows, as strings. */
import { CALIBRATION_BINS } from '../evaluation/calibration.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { classScoresText, confusionMatrixText, topConfusionsText } from './classes.ts';
import { mistakesText, type ShownMistake } from './mistakes.ts';
import { percentage } from './numbers.ts';
import type { Screen } from './screen.ts';

export interface Evaluation extends EvaluationResult {
  /** Which images: test, val or train. */
  readonly split: string;
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

/** A few plain lines and tables; the last line is in the form of the original's. */
export function evaluationText(
  result: Evaluation,
  worst: readonly ShownMistake[],
  screen: Pick<Screen, 'width' | 'colours'>,
): string {
  const { width } = screen;
  const { classes, images, correct } = result;
  return [
    evaluationFigures(result),
    confusionMatrixText(result.confusionMatrix, width),
    classScoresText(classes, width),
    topConfusionsText(result.topConfusions, classes, width),
    mistakesText(worst, images - correct, screen),
    `***** ${result.split.toUpperCase()}_ACC = ${(100 * result.accuracy).toFixed(2)}% *****\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Three lines. */
export function evaluationFigures({
  split,
  images,
  loss,
  accuracy,
  interval,
  calibration,
  seconds,
  imagesPerSecond,
}: Evaluation) {
  const [low, high] = interval.map(percentage);
  return [
    `${images} ${split} images in ${seconds.toFixed(1)} s (${Math.round(imagesPerSecond)} images/s)`,
    `loss ${loss.toFixed(4)}, accuracy ${percentage(accuracy)} (95 % interval ${low} to ${high})`,
    `expected calibration error ${percentage(calibration.error)} (${CALIBRATION_BINS} bins, Guo et al. 2017)`,
    '',
  ].join('\n');
}
