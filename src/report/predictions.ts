/** The text output of `resnet predict`. */
import type { FaultyFile } from '../errors.ts';
import { classText } from '../evaluation/class-names.ts';
import type { ModelData } from '../evaluation/model-data.ts';
import type { PredictedPicture } from '../evaluation/predict-pictures.ts';
import type { RankedClass } from '../evaluation/predictions.ts';
import { printable } from '../printable.ts';
import { percentage } from './numbers.ts';

/** A picture's line, for example `digit.png: 7 (99.31 %), 9 (0.42 %), 1 (0.11 %)`. */
export function predictionText({ path, top }: PredictedPicture): string {
  return `${printable(path)}: ${top.map(answerText).join(', ')}\n`;
}

/** One answer, for example `7 (99.31 %)`. */
export function answerText({ predicted, predictedName, probability }: RankedClass): string {
  return `${printable(classText(predicted, predictedName))} (${percentage(probability)})`;
}

/** The line above the drawing of a picture that was refused; standard error says why. */
export function refusalText({ path }: Pick<FaultyFile, 'path'>): string {
  return `${printable(path)}: no answer\n`;
}

/**
 * The line about the data that a model was trained on, and on what they have in common with a picture.
 *
 * @param trainedOn undefined if the checkpoint does not say
 */
export function modelDataLine(trainedOn: ModelData | undefined): string {
  if (trainedOn === undefined) {
    return "prepared as MNIST's digits; the file does not say what its model was trained on\n";
  }
  const { source, isMnist, background, transposed } = trainedOn;
  if (isMnist && !transposed) return 'model trained on MNIST\n';
  const kinds = [...(background === 'light' ? ['dark on light'] : []), ...(transposed ? ['transposed'] : [])];
  const kind = kinds.length === 0 ? '' : ` (${kinds.join(', ')})`;
  return `prepared as MNIST's digits; this model was trained on ${printable(source)}${kind}\n`;
}

/** The line about a model that gives every picture an answer; it fits into 80 columns. */
export const NO_REFUSAL_LINE = 'nothing is refused as no digit: the file does not say what digits look like\n';
