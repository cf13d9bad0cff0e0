/** The confusion matrix, and scores of each class. */
import { describe, expect, test } from '@jest/globals';
import { classScores, confusionMatrix, topConfusions } from '../../src/evaluation/confusion.ts';

/** Predictions from true and predicted classes, in scikit-learn's order. */
function pairs(labels: readonly number[], predictedClasses: readonly number[]) {
  return labels.map((label, index) => ({ label, predicted: predictedClasses[index]! }));
}

test('confusionMatrix gives the matrix of the example in scikit-learn’s documentation', () => {
  // sklearn.metrics.confusion_matrix([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2])
  expect(confusionMatrix(pairs([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2]), 3)).toEqual([
    [2, 0, 0],
    [0, 0, 1],
    [1, 0, 2],
  ]);
});

test('there is no matrix of more classes than one could look at, but there are scores and confusions', () => {
  const predictions = pairs([0, 65_534, 65_534], [0, 65_534, 7]);
  expect(confusionMatrix(predictions, 65_535)).toBeUndefined();
  expect(classScores(predictions, 65_535)[65_534]).toMatchObject({ support: 2, precision: 1, recall: 0.5 });
  expect(topConfusions(predictions, 5)).toEqual([{ label: 65_534, predicted: 7, images: 1 }]);
});

describe('classScores', () => {
  const scoresOf = (labels: readonly number[], predictedClasses: readonly number[], classes: number) =>
    classScores(pairs(labels, predictedClasses), classes);

  test('gives the scores of the example in scikit-learn’s documentation', () => {
    // sklearn.metrics.classification_report([0, 1, 2, 2, 2], [0, 0, 2, 2, 1]) rounds them to two digits
    expect(scoresOf([0, 1, 2, 2, 2], [0, 0, 2, 2, 1], 3)).toEqual([
      { label: 0, support: 1, precision: 0.5, recall: 1, f1: 2 / 3 },
      { label: 1, support: 1, precision: 0, recall: 0, f1: 0 },
      { label: 2, support: 3, precision: 1, recall: 2 / 3, f1: 0.8 },
    ]);
  });

  test('gives no precision, and an F1 of 0, to a class that is never predicted', () => {
    expect(scoresOf([0, 1], [0, 0], 2)[1]).toEqual({ label: 1, support: 1, precision: null, recall: 0, f1: 0 });
  });

  test('gives no recall to a class without images, and no score if it is never predicted either', () => {
    expect(scoresOf([0, 0], [0, 1], 3).slice(1)).toEqual([
      { label: 1, support: 0, precision: 0, recall: null, f1: 0 },
      { label: 2, support: 0, precision: null, recall: null, f1: null },
    ]);
  });
});

test('topConfusions gives the most frequent ones, equal ones by class, and no correct predictions', () => {
  const matrix = [
    [90, 2, 0],
    [5, 80, 2],
    [2, 7, 70],
  ];
  const predictions = matrix.flatMap((row, label) =>
    row.flatMap((images, predicted) => Array.from({ length: images }, () => ({ label, predicted }))),
  );
  const [first, second, ...equal] = topConfusions(predictions, 4);
  expect(first).toEqual({ label: 2, predicted: 1, images: 7 });
  expect(second).toEqual({ label: 1, predicted: 0, images: 5 });
  expect(equal.map(({ label, predicted }) => [label, predicted])).toEqual([
    [0, 1],
    [1, 2],
  ]);
  expect(topConfusions(predictions, 100)).toHaveLength(5);
});
