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
  rawProbability: fc.double({ min: 1 / CLASSES, max: 1, noNaN: true }),
  labelRank: fc.nat({ max: CLASSES - 1 }),
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

test('the figures of an evaluation add up: rows, diagonal, calibration bins, confusions and mistakes', () => {
  fc.assert(
    fc.property(fc.array(prediction, { minLength: 1 }), fc.nat({ max: 5 }), (predictions, count) => {
      const result = evaluationResult(predictions, CLASSES, count);
      const { images, correct, accuracy, interval, classes, calibration, topConfusions, worst } = result;
      const { confusionMatrix = [], calibrationRaw, balancedAccuracy, macroF1 } = result;
      expect(images).toBe(predictions.length);
      expect(accuracy).toBe(correct / images);
      expect(sum(confusionMatrix.map((row, label) => row[label]!))).toBe(correct);
      expect(confusionMatrix.map(sum)).toEqual(classes.map(({ support }) => support));
      expect(sum(classes.map(({ support }) => support))).toBe(images);
      expect(sum(classes.map(({ recall, support }) => (recall ?? 0) * support))).toBeCloseTo(correct, 9);
      expect(sum(calibration.bins.map((bin) => bin.images))).toBe(images);
      expect(sum(calibration.bins.map((bin) => (bin.accuracy ?? 0) * bin.images))).toBeCloseTo(correct, 9);
      expect(calibration.error).toBeLessThanOrEqual(1);
      expect(sum(calibrationRaw.bins.map((bin) => bin.images))).toBe(images);
      expect(balancedAccuracy * classes.filter(({ support }) => support > 0).length).toBeCloseTo(
        sum(classes.map(({ recall }) => recall ?? 0)),
        9,
      );
      expect(macroF1).toBeLessThanOrEqual(1);
      expect(sum(topConfusions.map((confusion) => confusion.images))).toBeLessThanOrEqual(images - correct);
      expect(worst).toHaveLength(Math.min(count, images - correct));
      expect(interval[0]).toBeLessThanOrEqual(accuracy);
      expect(interval[1]).toBeGreaterThanOrEqual(accuracy);
    }),
  );
});

/** A prediction of class 1 for an image of class 0, which the model finds this probable. */
const mistake = (rawProbability: number, probability: number, labelRank = 1) => {
  return { image: 0, label: 0, predicted: 1, probability, labelProbability: 0.01, loss: 1, rawProbability, labelRank };
};

test('calibration is that of the probabilities with the temperature, and calibrationRaw that of those without', () => {
  const { temperature, calibration, calibrationRaw, worst } = evaluationResult(
    [mistake(0.5, 0.9)],
    2,
    1,
    undefined,
    0.4,
  );
  expect([temperature, calibration.error, calibrationRaw.error]).toEqual([0.4, 0.9, 0.5]);
  expect(Object.keys(worst[0]!)).toEqual(['image', 'label', 'predicted', 'probability', 'labelProbability', 'loss']);
  expect(evaluationResult([mistake(0.5, 0.5)], 2, 0).temperature).toBeNull();
});

test('the accuracy of the five most probable classes is given of more than ten classes', () => {
  const predictions = [0, 4, 5, 9].map((rank) => mistake(0.5, 0.5, rank));
  expect(evaluationResult(predictions, 11, 0).top5Accuracy).toBe(0.5);
  expect(evaluationResult(predictions, 10, 0)).not.toHaveProperty('top5Accuracy');
});
