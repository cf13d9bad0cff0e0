/** The text output of `resnet eval`. */
import { CALIBRATION_BINS } from '../evaluation/calibration.ts';
import type { EvaluatedData } from '../evaluation/evaluate-checkpoint.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import type { TwinFigures } from '../evaluation/twins.ts';
import { grouped, lossText, percentage, temperatureText } from '../numbers.ts';
import { printable } from '../printable.ts';
import { classScoresText, confusionMatrixText, topConfusionsText } from './classes.ts';
import { mistakesText, type ShownMistake } from './mistakes.ts';
import { dataLine, usedOf } from './runtime-line.ts';
import type { Screen } from './screen.ts';

/**
 * The lines about the data, for example `data MNIST, test split: 10,000 images`; a second line if the user named the
 * data, or the checkpoint does not say what its model was trained on.
 *
 * @param images number of images that are evaluated
 */
export function evaluationDataLines(data: EvaluatedData, images: number): string {
  const { source, split, splitImages, transposed, given, trainedOn } = data;
  const line = dataLine(
    source,
    `${transposed ? ', transposed' : ''}, ${split} split`,
    usedOf(images, splitImages, 'images'),
  );
  const unknown = trainedOn === null;
  if (!given && !unknown) return line;
  const origin = unknown
    ? 'the file does not say what its model was trained on'
    : `model trained on ${printable(trainedOn)}`;
  return `${line}data ${given ? 'given by --data-dir' : 'assumed'}; ${origin}\n`;
}

/** The whole output: lines and tables, and a last line in the form of the lesson's. */
export function evaluationText(
  result: Evaluation,
  worst: readonly ShownMistake[],
  screen: Pick<Screen, 'width' | 'colours'>,
): string {
  const { width } = screen;
  const { classes, images, correct } = result;
  return [
    evaluationFigures(result),
    confusionMatrixText(result.confusionMatrix, classes, width),
    classScoresText(classes, width),
    topConfusionsText(result.topConfusions, classes, width),
    mistakesText(worst, images - correct, screen),
    `***** ${result.split.toUpperCase()}_ACC = ${(100 * result.accuracy).toFixed(2)}% *****\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/**
 * The lines with the figures of an evaluation: images and speed, loss and accuracy, means over classes, calibration; where
 * test images are training images too, one more.
 */
export function evaluationFigures(evaluation: Evaluation): string {
  const { split, images, loss, accuracy, interval, seconds, imagesPerSecond } = evaluation;
  const { balancedAccuracy, macroF1, top5Accuracy, calibration, calibrationRaw, temperature } = evaluation;
  const [low, high] = interval.map(percentage);
  const top5 = top5Accuracy === undefined ? '' : `, top-5 accuracy ${percentage(top5Accuracy)}`;
  return [
    `${images} ${split} images in ${seconds.toFixed(1)} s (${Math.round(imagesPerSecond)} images/s)`,
    `loss ${lossText(loss)}, accuracy ${percentage(accuracy)} (95 % interval ${low} to ${high})`,
    ...twinsText(evaluation),
    `balanced accuracy ${percentage(balancedAccuracy)}, macro F1 ${percentage(macroF1)}${top5}`,
    `expected calibration error ${percentage(calibration.error)} (${CALIBRATION_BINS} bins, Guo et al. 2017)`,
    ...(temperature === null
      ? []
      : [`  at the temperature ${temperatureText(temperature)}; without it ${percentage(calibrationRaw.error)}`]),
    '',
  ].join('\n');
}

/** What is said of test images that the training data hold too; [] if there are none. */
function twinsText({ twins, withoutTwins }: Partial<TwinFigures>): string[] {
  if (!twins) return [];
  const which = `${twins === 1 ? '1 image' : `${grouped(twins)} images`} that the training data hold too`;
  return [withoutTwins ? `accuracy ${percentage(withoutTwins.accuracy)} without ${which}` : `no image but ${which}`];
}
