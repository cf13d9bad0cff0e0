/** The text output of `resnet predict`. */
import type { ModelData } from '../evaluation/model-data.ts';
import type { PredictedPicture } from '../evaluation/predict-pictures.ts';
import { printable } from '../printable.ts';
import { percentage } from './numbers.ts';

/** A picture's line, for example `digit.png: 7 (99.31 %), 9 (0.42 %), 1 (0.11 %)`. */
export function predictionText({ path, top }: PredictedPicture): string {
  const answers = top.map(({ predicted, probability }) => `${predicted} (${percentage(probability)})`);
  return `${printable(path)}: ${answers.join(', ')}\n`;
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
