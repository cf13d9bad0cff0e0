/** What an epoch has by the measure that chooses the best, in words. */

import { lossText, percentage } from '../numbers.ts';
import { type BestMeasure, figureOf, MEASURE_WORDS, type MeasuredEpoch } from '../training/best-measure.ts';

/** What an epoch has by the measure that chooses the best, for example `macro F1 91.20 %`. */
export function measureText(epoch: MeasuredEpoch, bestBy: BestMeasure): string {
  const figure = figureOf(epoch, bestBy);
  if (figure === undefined) return MEASURE_WORDS[bestBy];
  return `${MEASURE_WORDS[bestBy]} ${bestBy === 'loss' ? lossText(figure) : percentage(figure)}`;
}

/** The best epoch so far for a live line, the longest form first; nothing by the loss, or if it is not known. */
export function bestForms(best: MeasuredEpoch | null | undefined, bestBy: BestMeasure): string[] {
  const figure = best && bestBy !== 'loss' ? figureOf(best, bestBy) : undefined;
  return figure === undefined
    ? []
    : [`best ${MEASURE_WORDS[bestBy]} ${percentage(figure)}`, `best ${percentage(figure)}`];
}
