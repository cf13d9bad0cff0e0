/** The text output of `resnet predict`. */
import type { PredictedPicture } from '../evaluation/predict-pictures.ts';
import { printable } from '../printable.ts';
import { percentage } from './numbers.ts';

/** A picture's line, for example `digit.png: 7 (99.31 %), 9 (0.42 %), 1 (0.11 %)`. */
export function predictionText({ path, top }: PredictedPicture): string {
  const answers = top.map(({ predicted, probability }) => `${predicted} (${percentage(probability)})`);
  return `${printable(path)}: ${answers.join(', ')}\n`;
}
