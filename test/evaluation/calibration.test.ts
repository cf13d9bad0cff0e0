/** Calibration: bins, and the expected calibration error. */
import { describe, expect, test } from '@jest/globals';
import { calibrationOf } from '../../src/evaluation/calibration.ts';

/** A prediction with this probability. */
function predictionOf(probability: number, right: boolean) {
  return { label: 0, predicted: right ? 0 : 1, probability };
}

describe('the expected calibration error', () => {
  test('is 0.48 in an example computed by hand', () => {
    // Guo et al. 2017, equation 3, with 15 bins: 0.98 and 0.96 are in (14/15, 1] with accuracy 1/2 and confidence 0.97,
    // 0.5 alone in (7/15, 8/15] with accuracy 1: 2/3 · |1/2 − 0.97| + 1/3 · |1 − 0.5| = 0.48
    const { error, bins } = calibrationOf([
      predictionOf(0.98, true),
      predictionOf(0.96, false),
      predictionOf(0.5, true),
    ]);
    expect(error).toBeCloseTo(0.48, 12);
    expect(bins).toHaveLength(15);
    expect(bins[7]).toEqual({ above: 7 / 15, upTo: 8 / 15, images: 1, accuracy: 1, confidence: 0.5 });
    expect(bins[14]).toEqual({ above: 14 / 15, upTo: 1, images: 2, accuracy: 0.5, confidence: 0.97 });
    expect(bins[0]).toEqual({ above: 0, upTo: 1 / 15, images: 0, accuracy: null, confidence: null });
  });

  test('is 0 if the model is right as often as its probabilities say', () => {
    const predictions = Array.from({ length: 4 }, (_, index) => predictionOf(0.75, index !== 0));
    expect(calibrationOf(predictions).error).toBe(0);
  });

  test('counts a probability at the upper end of a bin in that bin, and 1 in the last bin', () => {
    const { bins } = calibrationOf([predictionOf(0.25, true), predictionOf(0.5, true), predictionOf(1, true)], 4);
    expect(bins.map(({ images }) => images)).toEqual([1, 1, 0, 1]);
  });
});
