/** Whether a model is right as often as its probabilities say (Guo, Pleiss, Sun and Weinberger 2017, section 2). */
import type { Prediction } from './predictions.ts';

export interface Calibration {
  /**
   * Expected calibration error, 0 to 1: the distance of accuracy from confidence in each bin, weighted by its fraction of the
   * images.
   */
  readonly error: number;
  readonly bins: readonly CalibrationBin[];
}

/** The images whose predicted class has a probability above `above` and up to `upTo`. */
export interface CalibrationBin {
  readonly above: number;
  readonly upTo: number;
  readonly images: number;
  /** Fraction of them that is right, and mean probability of the predicted class; null where the bin is empty. */
  readonly accuracy: number | null;
  readonly confidence: number | null;
}

/** As many as in the paper. */
export const CALIBRATION_BINS = 15;

/** @param bins of equal width; default: as in the paper */
export function calibrationOf(
  predictions: readonly Pick<Prediction, 'label' | 'predicted' | 'probability'>[],
  bins = CALIBRATION_BINS,
): Calibration {
  const sums = Array.from({ length: bins }, () => ({ images: 0, correct: 0, confidence: 0 }));
  for (const { label, predicted, probability } of predictions) {
    const bin = sums[Math.max(0, Math.ceil(probability * bins) - 1)]!; // above (m − 1)/M, up to m/M
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
