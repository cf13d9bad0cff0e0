/** Predictions from logits, their sums, and the worst mistakes. */
import { describe, expect, test } from '@jest/globals';
import {
  type EvaluatedPrediction,
  predictionsOf,
  sumOf,
  topK,
  worstMistakes,
} from '../../src/evaluation/predictions.ts';

/** The prediction for a single image of this class with these logits. */
function predictionOf(logits: readonly number[], label: number, temperature?: number): EvaluatedPrediction | undefined {
  return predictionsOf({ labels: Uint8Array.of(label) }, Int32Array.of(0), Float32Array.from(logits), temperature)[0];
}

describe('a prediction', () => {
  test('has the probabilities of softmax, and the cross-entropy', () => {
    // softmax of ln 1, ln 2, ln 5: 1/8, 2/8, 5/8; −ln 1/8 = ln 8
    const { predicted, probability, labelProbability, loss } = predictionOf([0, Math.log(2), Math.log(5)], 0)!;
    expect(predicted).toBe(2);
    expect(probability).toBeCloseTo(5 / 8, 7);
    expect(labelProbability).toBeCloseTo(1 / 8, 7);
    expect(loss).toBeCloseTo(Math.log(8), 7);
  });

  test('of logits far apart does not overflow: its loss is exact though the probability is 0', () => {
    expect(predictionOf([1000, 0], 1)).toMatchObject({ predicted: 0, probability: 1, labelProbability: 0, loss: 1000 });
  });

  test('with a temperature has the probabilities of logits divided by it, and the loss of the logits as they are', () => {
    // softmax of ln 1, ln 4, ln 25: 1/30, 4/30, 25/30
    const { probability, labelProbability, loss, rawProbability } = predictionOf(
      [0, Math.log(2), Math.log(5)],
      1,
      0.5,
    )!;
    expect(probability).toBeCloseTo(25 / 30, 7);
    expect(labelProbability).toBeCloseTo(4 / 30, 7);
    expect(loss).toBeCloseTo(Math.log(4), 7);
    expect(rawProbability).toBeCloseTo(5 / 8, 7);
  });

  test.each([
    [
      [3, 1, 2],
      [0, 2, 1],
    ],
    [
      [1, 1, 2],
      [1, 2, 0],
    ],
    [
      [0, 0, 0],
      [0, 1, 2],
    ],
  ])('of logits %j ranks the classes %j, of equal logits the first before the others', (logits, ranks) => {
    expect(logits.map((_, label) => predictionOf(logits, label)?.labelRank)).toEqual(ranks);
  });

  test('of equal logits is the first of their classes', () => {
    expect(predictionOf([-1, 3, 3], 0)).toMatchObject({ predicted: 1 });
  });

  test.each([0, 1, 2])('has a loss of NaN if logit %i is NaN', (place) => {
    const logits = [0, 1, 2];
    logits[place] = Number.NaN;
    expect(predictionOf(logits, 1)?.loss).toBeNaN();
  });
});

test('predictionsOf keeps the order of the indices, and takes the labels from the data set', () => {
  const logits = Float32Array.of(0, 9, 9, 0);
  const predictions = predictionsOf({ labels: Uint8Array.of(1, 1, 0) }, Int32Array.of(2, 0), logits);
  expect(predictions).toMatchObject([
    { image: 2, label: 0, predicted: 1 },
    { image: 0, label: 1, predicted: 0 },
  ]);
});

test('sumOf sums up images, losses and correct predictions', () => {
  const logits = Float32Array.of(0, 9, 9, 0, 0, 0);
  const { count, correct, lossSum } = sumOf(
    predictionsOf({ labels: Uint8Array.of(0, 0, 1) }, Int32Array.of(0, 1, 2), logits),
  );
  expect([count, correct]).toEqual([3, 1]);
  // −ln of 1/(1 + e⁹), of e⁹/(1 + e⁹) and of 1/2
  expect(lossSum).toBeCloseTo(Math.log(1 + Math.exp(9)) + Math.log(1 + Math.exp(-9)) + Math.log(2), 9);
});

describe('the worst mistakes', () => {
  const mistake = { label: 0, predicted: 1, loss: 1, labelProbability: 0.1, rawProbability: 0.5, labelRank: 1 };
  const predictions: EvaluatedPrediction[] = [
    { ...mistake, image: 0, probability: 0.6 },
    { ...mistake, image: 1, probability: 0.99, predicted: 0 },
    { ...mistake, image: 2, probability: 0.9, labelProbability: 0.05 },
    { ...mistake, image: 3, probability: 0.9, labelProbability: 0.02 },
    { ...mistake, image: 4, probability: 0.7 },
  ];
  const worst = (count: number) => worstMistakes(predictions, count).map(({ image }) => image);

  test('are wrong predictions, the highest probability first; of equal ones the least probable true class', () => {
    expect(worst(3)).toEqual([3, 2, 4]);
  });

  test('are all mistakes if more are asked for, and none if 0 are', () => {
    expect(worst(100)).toEqual([3, 2, 4, 0]);
    expect(worst(0)).toEqual([]);
  });
});

test('topK gives the most probable classes first, of equal ones the lower class, and no more than there are', () => {
  const logits = Float32Array.of(0, Math.log(2), Math.log(2), Math.log(5));
  expect(topK(logits, 3)).toEqual([
    { predicted: 3, probability: expect.closeTo(0.5) },
    { predicted: 1, probability: expect.closeTo(0.2) },
    { predicted: 2, probability: expect.closeTo(0.2) },
  ]);
  expect(topK(logits, 9)).toHaveLength(4);
  expect(topK(Float32Array.of(1e30, 0), 1)).toEqual([{ predicted: 0, probability: 1 }]);
});

test('topK with a temperature has other probabilities, of the same classes in the same order', () => {
  const logits = Float32Array.of(0, Math.log(2), Math.log(5));
  expect(topK(logits, 3, 0.5)).toEqual([
    { predicted: 2, probability: expect.closeTo(25 / 30) },
    { predicted: 1, probability: expect.closeTo(4 / 30) },
    { predicted: 0, probability: expect.closeTo(1 / 30) },
  ]);
  expect(topK(Float32Array.of(1e30, 0), 1, 0.001)).toEqual([{ predicted: 0, probability: 1 }]);
});
