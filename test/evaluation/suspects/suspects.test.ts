/** Which images are suspects: confident learning, on predictions made by hand. */
import { describe, expect, test } from '@jest/globals';
import type { Prediction } from '../../../src/evaluation/predictions.ts';
import { type JudgedPart, suspectsOf, thresholdsOf } from '../../../src/evaluation/suspects/suspects.ts';

/** A prediction: of its own class with a probability, or of another class, which leaves a probability for the label. */
function predictionOf(
  image: number,
  label: number,
  predicted: number,
  probability: number,
  ofLabel = 0.01,
): Prediction {
  const labelProbability = label === predicted ? probability : ofLabel;
  return { image, label, predicted, probability, labelProbability, loss: -Math.log(labelProbability) };
}

const TRAIN: JudgedPart = {
  part: 'train',
  isTrainedOn: true,
  predictions: [
    predictionOf(0, 0, 0, 1),
    predictionOf(1, 1, 1, 1),
    predictionOf(2, 0, 1, 0.75, 0.2),
    predictionOf(3, 2, 2, 0.9),
    predictionOf(4, 0, 3, 1, 0),
  ],
};
const VALIDATION: JudgedPart = {
  part: 'val',
  isTrainedOn: false,
  predictions: [
    predictionOf(9, 0, 0, 0.5),
    predictionOf(8, 0, 0, 0.75),
    predictionOf(7, 1, 1, 0.75),
    predictionOf(6, 1, 0, 0.6, 0.25),
    predictionOf(5, 1, 0, 0.75, 0.125),
  ],
};

test('the threshold of a class is the mean probability of its images that were not trained on', () => {
  expect(thresholdsOf([TRAIN, VALIDATION], 4)).toEqual([0.625, 0.375, 0.9, null]);
  expect(thresholdsOf([TRAIN], 4)).toEqual([(1 + 0.2) / 3, 1, 0.9, null]);
});

describe('suspects', () => {
  const { first, ...counts } = suspectsOf([TRAIN, VALIDATION], 4, { most: 10 });

  test('are the images whose other class is as probable as its threshold, the surest first, each with its part', () => {
    expect(first.map(({ part, image }) => [part, image])).toEqual([
      ['val', 5],
      ['train', 2],
    ]);
  });

  test('are counted by part, beside all images that the model contradicts', () => {
    expect(counts).toEqual({
      suspects: 2,
      thresholds: [0.625, 0.375, 0.9, null],
      parts: [
        { part: 'train', isTrainedOn: true, images: 5, contradicted: 2, suspects: 1 },
        { part: 'val', isTrainedOn: false, images: 5, contradicted: 2, suspects: 1 },
      ],
    });
  });

  test('are all that reach a probability that the user gives, of classes without images too', () => {
    const chosen = suspectsOf([TRAIN, VALIDATION], 4, { most: 10, leastProbability: 0.75 });
    expect(chosen.first.map(({ image }) => image)).toEqual([4, 5, 2]);
    expect(suspectsOf([TRAIN, VALIDATION], 4, { most: 10, leastProbability: 0 }).suspects).toBe(4);
  });

  test('are listed up to the number that is asked for, and all counted', () => {
    const { suspects, first: listed } = suspectsOf([TRAIN, VALIDATION], 4, { most: 1 });
    expect([suspects, listed.length, listed[0]?.image]).toEqual([2, 1, 5]);
  });

  test('are none of images whose predictions are all right', () => {
    const right = { ...TRAIN, predictions: TRAIN.predictions.filter(({ label, predicted }) => label === predicted) };
    expect(suspectsOf([right], 4, { most: 5 })).toMatchObject({ suspects: 0, first: [] });
  });
});
