/**
 * Calibration: whether a model is right as often as its probabilities say (Guo, Pleiss, Sun & Weinberger 2017, section
 * 2).
 */
import type { Prediction } from './predictions.ts';

/** Calibration of a model on a set of images. */
export interface Calibration {
  /**
   * Expected calibration error, 0 to 1: |accuracy − confidence| of each bin, weighted by the bin's fraction of the
   * images.
   */
  readonly error: number;
  /** Bins of equal width, in ascending order. */
  readonly bins: readonly CalibrationBin[];
}

/** Images whose predicted class has a probability above `above` and up to `upTo`. */
export interface CalibrationBin {
  readonly above: number;
  readonly upTo: number;
  /** Number of images. */
  readonly images: number;
  /** Fraction of correct predictions; null in an empty bin. */
  readonly accuracy: number | null;
  /** Mean probability of the predicted class; null in an empty bin. */
  readonly confidence: number | null;
}

/** Number of bins in the paper's experiments. */
export const CALIBRATION_BINS = 15;

/**
 * The calibration of predictions.
 *
 * @param bins number of bins; default: `CALIBRATION_BINS`
 */
export function calibrationOf(
  predictions: readonly Pick<Prediction, 'label' | 'predicted' | 'probability'>[],
  bins = CALIBRATION_BINS,
): Calibration {
  const sums = Array.from({ length: bins }, () => ({ images: 0, correct: 0, confidence: 0 }));
  for (const { label, predicted, probability } of predictions) {
    const bin = sums[Math.max(0, Math.ceil(probability * bins) - 1)]!; // bin m holds ((m − 1)/M, m/M]
    bin.images += 1;
    bin.correct += label === predicted ? 1 : 0;
    bin.confidence += probability;
  }
  const distances = sums.map(({ correct, confidence }) => Math.abs(correct - confidence));
  return {
    error: distances.reduce((total, distance) => total + distance, 0) / predictions.length,
    bins: sums.map(({ images, correct, confidence }, index) => ({
      above: index / bins,
      upTo: (index + 1) / bins,
      images,
      accuracy: images === 0 ? null : correct / images,
      confidence: images === 0 ? null : confidence / images,
    })),
  };
}
