/** Figures of an evaluation agree with each other, whatever the predictions are. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { evaluationResult } from '../../src/evaluation/evaluation-result.ts';

const CLASSES = 4;
const prediction = fc.record({
  image: fc.nat(),
  label: fc.nat({ max: CLASSES - 1 }),
  predicted: fc.nat({ max: CLASSES - 1 }),
  probability: fc.double({ min: 1 / CLASSES, max: 1, noNaN: true }),
  labelProbability: fc.double({ min: 0, max: 1, noNaN: true }),
  loss: fc.double({ min: 0, max: 100, noNaN: true }),
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

test('the figures of an evaluation add up: rows, diagonal, calibration bins, confusions and mistakes', () => {
  fc.assert(
    fc.property(fc.array(prediction, { minLength: 1 }), fc.nat({ max: 5 }), (predictions, count) => {
      const result = evaluationResult(predictions, CLASSES, count);
      const { images, correct, accuracy, interval, classes, calibration, topConfusions, worst } = result;
      const { confusionMatrix = [] } = result;
      expect(images).toBe(predictions.length);
      expect(accuracy).toBe(correct / images);
      expect(sum(confusionMatrix.map((row, label) => row[label]!))).toBe(correct);
      expect(confusionMatrix.map(sum)).toEqual(classes.map(({ support }) => support));
      expect(sum(classes.map(({ support }) => support))).toBe(images);
      expect(sum(classes.map(({ recall, support }) => (recall ?? 0) * support))).toBeCloseTo(correct, 9);
      expect(sum(calibration.bins.map((bin) => bin.images))).toBe(images);
      expect(sum(calibration.bins.map((bin) => (bin.accuracy ?? 0) * bin.images))).toBeCloseTo(correct, 9);
      expect(calibration.error).toBeLessThanOrEqual(1);
      expect(sum(topConfusions.map((confusion) => confusion.images))).toBeLessThanOrEqual(images - correct);
      expect(worst).toHaveLength(Math.min(count, images - correct));
      expect(interval[0]).toBeLessThanOrEqual(accuracy);
      expect(interval[1]).toBeGreaterThanOrEqual(accuracy);
    }),
  );
});
