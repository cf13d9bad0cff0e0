/** The measures by which the best epoch is chosen, and which of two epochs is better. */
import type { BestEpoch } from '../checkpoint/progress.ts';

/** Names of the measures, all on the validation images. */
export const BEST_MEASURES = ['loss', 'accuracy', 'balanced-accuracy', 'macro-f1'] as const;
/** Name of a measure. */
export type BestMeasure = (typeof BEST_MEASURES)[number];

/** The measures in words. */
export const MEASURE_WORDS: Readonly<Record<BestMeasure, string>> = {
  loss: 'loss',
  accuracy: 'accuracy',
  'balanced-accuracy': 'balanced accuracy',
  'macro-f1': 'macro F1',
};

/** The figures of an epoch that are measured. */
export type MeasuredEpoch = Pick<BestEpoch, 'loss' | 'accuracy' | 'balancedAccuracy' | 'macroF1'>;

/** The figure of an epoch by each measure; undefined in files of older versions, which do not have the last two. */
const FIGURES: Readonly<Record<BestMeasure, (epoch: MeasuredEpoch) => number | undefined>> = {
  loss: ({ loss }) => loss,
  accuracy: ({ accuracy }) => accuracy,
  'balanced-accuracy': ({ balancedAccuracy }) => balancedAccuracy,
  'macro-f1': ({ macroF1 }) => macroF1,
};

/** The figure of an epoch by a measure; undefined if an older version, which did not compute it, trained the epoch. */
export function figureOf(epoch: MeasuredEpoch, measure: BestMeasure): number | undefined {
  return FIGURES[measure](epoch);
}

/** Difference up to which two figures are equal: means over classes that are equal differ by the order of their sums. */
const ROUNDING = 1e-12;

/**
 * Whether an epoch replaces the best so far. Of equal ones that with the lower loss is better, then the earlier. A best
 * whose figure is unknown is replaced, and an epoch that is trained again after a kill replaces itself.
 */
export function improves(epoch: BestEpoch, best: BestEpoch | null, measure: BestMeasure): boolean {
  const [figure, most] = [epoch, best].map((each) => each && figureOf(each, measure));
  if (best === null || figure == null || most == null) return true;
  if (measure !== 'loss' && Math.abs(figure - most) > ROUNDING) return figure > most;
  return epoch.loss < best.loss || (epoch.loss === best.loss && epoch.step === best.step);
}
