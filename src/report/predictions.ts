/** What `resnet predict` shows, as strings. */

import type { AnsweredPicture } from '../evaluation/predict-pictures.ts';
import { printable } from '../printable.ts';
import { percentage } from './numbers.ts';

/** One line, e.g. `digit.png: 7 (99.31 %), 9 (0.42 %), 1 (0.11 %)`. */
export function predictionText({ path, top }: AnsweredPicture): string {
  const answers = top.map(({ predicted, probability }) => `${predicted} (${percentage(probability)})`);
  return `${printable(path)}: ${answers.join(', ')}\n`;
}
