/**
 * Tests of the output of `resnet eval`. Golden files in `golden/` hold what it prints into a pipe after its first line.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { Evaluation } from '../../src/evaluation/evaluation.ts';
import { evaluationResult } from '../../src/evaluation/evaluation-result.ts';
import type { EvaluatedPrediction } from '../../src/evaluation/predictions.ts';
import { evaluationDataLines, evaluationText } from '../../src/report/evaluation.ts';

const screen = { width: 80, colours: false };

function golden(name: string): string {
  return readFileSync(fileURLToPath(new URL(`golden/${name}.txt`, import.meta.url)), 'utf8');
}

/** An evaluation in which `count` says how many images of a class are predicted as a class. */
function evaluationOf(classes: number, count: (label: number, predicted: number) => number, worst = 0): Evaluation {
  const predictions: EvaluatedPrediction[] = [];
  for (let label = 0; label < classes; label++) {
    for (let predicted = 0; predicted < classes; predicted++) {
      const probability = 0.9 - predicted / 1000;
      const answer = {
        label,
        predicted,
        probability,
        labelProbability: label === predicted ? probability : 0.05,
        loss: 0.125,
        rawProbability: probability,
        labelRank: label === predicted ? 0 : 1,
      };
      for (let image = 0; image < count(label, predicted); image++)
        predictions.push({ image: predictions.length, ...answer });
    }
  }
  return { split: 'test', ...evaluationResult(predictions, classes, worst), seconds: 2, imagesPerSecond: 500 };
}

/** Counts for ten classes: nine in ten images are correct, and the mistakes are spread unevenly. */
function tenClasses(label: number, predicted: number): number {
  if (label === predicted) return 90 + label;
  return (label * 7 + predicted * 3) % 11 === 0 ? label + 2 : 0;
}

function shown(evaluation: Evaluation): string {
  const picture = { pixels: Uint8Array.of(0, 255, 255, 0), height: 2, width: 2 };
  return evaluationText(
    evaluation,
    evaluation.worst.map((mistake) => ({ ...mistake, picture })),
    screen,
  );
}

function widthOf(text: string): number {
  return Math.max(...text.split('\n').map(({ length }) => length));
}

/** The numbers in the rows of the confusion matrix that a text shows: a class, and then its counts. */
function matrixRows(text: string): number[][] {
  const rows = text.split('\n').filter((line) => /^│ *\d/.test(line));
  return rows.map((line) => line.split('│').slice(1, -1).map(Number));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const MISTAKE: EvaluatedPrediction = {
  ...{ image: 0, label: 0, predicted: 1, probability: 0.9, labelProbability: 0.1, loss: 1 },
  ...{ rawProbability: 0.8, labelRank: 1 },
};

test('an evaluation with a temperature shows the calibration error with it and without, within 80 columns', () => {
  const result = evaluationResult([MISTAKE], 11, 0, undefined, 0.412345);
  const text = shown({ split: 'test', ...result, seconds: 1, imagesPerSecond: 1 });
  expect(text).toContain(
    'balanced accuracy 0.00 %, macro F1 0.00 %, top-5 accuracy 100.00 %\n' +
      'expected calibration error 90.00 % (15 bins, Guo et al. 2017)\n' +
      '  at the temperature 0.412; without it 80.00 %\n',
  );
  expect(widthOf(text)).toBeLessThanOrEqual(80);
});

test('test images that the training data hold too are one line, with the accuracy of the others', () => {
  const evaluation = evaluationOf(10, tenClasses);
  const withoutTwins = { images: 900, correct: 891, accuracy: 0.99, interval: [0.98, 1] } as const;
  const line = 'accuracy 99.00 % without 1,200 images that the training data hold too';
  expect(shown({ ...evaluation, twins: 1200, withoutTwins }).split('\n')).toContain(line);
  expect(shown({ ...evaluation, twins: 1, withoutTwins })).toContain(
    'without 1 image that the training data hold too\n',
  );
  expect(shown({ ...evaluation, twins: 7, withoutTwins: null })).toContain(
    'no image but 7 images that the training data hold too\n',
  );
  for (const twins of [0, null]) expect(shown({ ...evaluation, twins, withoutTwins: null })).toBe(shown(evaluation));
});

test('an evaluation of named classes has their names in every table', () => {
  const names = ['ant', 'a very long name of a class', 'cat'];
  const predictions = [0, 1, 2, 2].map((label, image) => {
    return { ...MISTAKE, image, label, predicted: label === 2 ? 1 : label };
  });
  const result = evaluationResult(predictions, 3, 1, names);
  const text = shown({ split: 'test', ...result, seconds: 1, imagesPerSecond: 4 });
  expect(text).toContain('│ a very long nam… 1 │');
  expect(text).toContain('│ cat 2              │');
  expect(text).toMatch(/\n *ant +1 +100.00 % +100.00 % +100.00 %\n/);
  expect(text).toMatch(/\ncat → a very long name of a class +2 +100.00 %\n/);
});

test('an evaluation of classes with long names cuts them, so that it fits 80 columns', () => {
  const names = ['x', 'y'].map((letter) => letter.repeat(200));
  const text = shown({ split: 'test', ...evaluationResult([MISTAKE], 2, 0, names), seconds: 1, imagesPerSecond: 1 });
  expect(widthOf(text)).toBeLessThanOrEqual(80);
  expect(text).toContain(`\n${'x'.repeat(39)}…       1 `);
  expect(text).toContain(`\n${'x'.repeat(26)}… → ${'y'.repeat(26)}…       1 `);
});

test('an evaluation of more than a thousand classes has no confusion matrix', () => {
  const result = evaluationResult([{ ...MISTAKE, label: 1200, predicted: 3 }], 1500, 0);
  const text = shown({ split: 'test', ...result, seconds: 1, imagesPerSecond: 1 });
  expect(text).toContain('confusion matrix: not made for 1500 classes\n');
  expect(text).toContain('1200 → 3');
});

describe('an evaluation of ten classes', () => {
  const text = shown(evaluationOf(10, tenClasses, 2));

  test('is shown as tables within 80 columns, and ends with the lesson’s line', () => {
    expect(text).toBe(golden('evaluation'));
    expect(widthOf(text)).toBeLessThanOrEqual(80);
  });

  test('shows a confusion matrix whose rows add up to the classes’ images, and its diagonal to the accuracy', () => {
    const rows = matrixRows(text).map(([, ...counts]) => counts);
    const imageCounts = [...text.matchAll(/^ +\d +(\d+) +[\d.]+ %/gm)].map((match) => Number(match[1]));
    expect(imageCounts).toHaveLength(10);
    expect(rows.map(sum)).toEqual(imageCounts);
    const accuracy = sum(rows.map((row, label) => row[label]!)) / sum(imageCounts);
    expect(text).toContain(`***** TEST_ACC = ${(100 * accuracy).toFixed(2)}% *****`);
    expect(text).toContain(`worst 2 of ${sum(imageCounts) - sum(rows.map((row, label) => row[label]!))} mistakes`);
  });

  test('fits counts of five digits into 80 columns by moving the cells closer together', () => {
    const matrix = Array.from({ length: 10 }, (_, label) => {
      return Array.from({ length: 10 }, (_, predicted) => (label === predicted ? 54_321 : 10_000 + predicted));
    });
    const { classes, ...evaluation } = evaluationOf(10, tenClasses);
    const wide = shown({ ...evaluation, classes, confusionMatrix: matrix });
    expect(matrixRows(wide).map(([, ...counts]) => counts)).toEqual(matrix);
    expect(widthOf(wide)).toBeLessThanOrEqual(80);
  });
});

test('an evaluation of many images fits 80 columns, its losses, counts and image numbers too', () => {
  const evaluation = evaluationOf(10, tenClasses);
  const [label, predicted] = [8, 9];
  const image = { label, predicted, probability: 1, labelProbability: 0, loss: 1e30 };
  const worst = [123_456, 1_234_567, 12_345_678].map((number) => ({ ...image, image: number }));
  const text = shown({ ...evaluation, images: 12_345_678, loss: 4.7e9, imagesPerSecond: 123_456, worst });
  expect(text).toContain('\nloss 4.7e+9, accuracy ');
  expect(text).toMatch(/^#123456: 8 → 9 \(100\.00 %\) {4}#1234567: 8 → 9 \(100\.00 %\)\n/m);
  expect(widthOf(text)).toBeLessThanOrEqual(80);
});

test('an evaluation marks classes without images or predictions, and explains the mark', () => {
  const text = shown(evaluationOf(3, (label, predicted) => (label === 0 && predicted < 2 ? 2 - predicted : 0)));
  expect(text).toBe(golden('evaluation-of-one-class'));
});

test('an evaluation without mistakes says so, and shows none', () => {
  const text = shown(evaluationOf(2, (label, predicted) => (label === predicted ? 1 : 0), 3));
  expect(text).toMatch(/\n\nno mistakes\n\n\*{5} TEST_ACC = 100\.00% \*{5}\n$/);
});

test('an evaluation of the 26 letters replaces its confusion matrix by a sentence, and fits 80 columns', () => {
  const text = shown(evaluationOf(26, (label, predicted) => (label === predicted ? 800 : 1)));
  expect(text).toContain('confusion matrix: 26 classes do not fit 80 columns; --json has it\n');
  expect(text).toContain('\nthe 20 of 26 classes with the lowest F1\n');
  expect(widthOf(text)).toBeLessThanOrEqual(80);
});

describe('an evaluation of 256 classes', () => {
  const evaluation = evaluationOf(256, (label, predicted) => {
    if (label === predicted) return 3;
    return label === predicted + 1 && label > 200 ? label - 200 : 0;
  });
  const text = shown(evaluation);

  test('replaces its confusion matrix by a sentence, and keeps its top confusions', () => {
    expect(text).toContain('confusion matrix: 256 classes do not fit 80 columns; --json has it\n');
    expect(text).toMatch(/\n255 → 254 +55 +94\.83 %\n254 → 253 +54 +94\.74 %\n/);
    expect(widthOf(text)).toBeLessThanOrEqual(80);
  });

  test('lists the twenty classes with the lowest F1', () => {
    expect(text).toContain('\nthe 20 of 256 classes with the lowest F1\n');
    const listed = [...text.matchAll(/^ *(\d+) +\d+ +[\d.]+ % +[\d.]+ % +([\d.]+) %$/gm)];
    expect(listed).toHaveLength(20);
    const lowest = evaluation.classes.map(({ f1 }) => f1 as number).sort((a, b) => a - b);
    expect(listed.map((match) => match[2])).toEqual(lowest.slice(0, 20).map((f1) => (100 * f1).toFixed(2)));
  });
});

test('an evaluation on a narrow terminal leaves out the confusion matrix and folds the other tables', () => {
  const evaluation = evaluationOf(10, tenClasses);
  const text = evaluationText(evaluation, [], { ...screen, width: 30 });
  expect(text).toContain('confusion matrix: 10 classes do not fit 30 columns; --json has it\n');
  const tables = text.split('\n').filter((line) => line.includes('──'));
  expect(tables.length).toBeGreaterThan(2);
  expect(widthOf(tables.join('\n'))).toBeLessThanOrEqual(30);
});

describe('the lines about the data name', () => {
  const mnist = { source: 'MNIST', split: 'test', splitImages: 10_000, sha256: '0fa7', transposed: false } as const;

  test('the data and the split', () => {
    const data = { ...mnist, given: false, trainedOn: 'MNIST' };
    expect(evaluationDataLines(data, 10_000)).toBe('data MNIST, test split: 10,000 images\n');
    expect(evaluationDataLines(data, 500)).toBe('data MNIST, test split: 500 of 10,000 images\n');
  });

  test('what the model was trained on, if the user named the data', () => {
    const data = { ...mnist, source: 'letters', transposed: true, given: true, trainedOn: 'MNI\u009bST' };
    expect(evaluationDataLines(data, 10_000)).toBe(
      'data letters, transposed, test split: 10,000 images\ndata given by --data-dir; model trained on MNI\\u009bST\n',
    );
  });

  test('that the data are assumed, if the file does not say what its model was trained on', () => {
    const unknown = 'the file does not say what its model was trained on\n';
    const data = { ...mnist, given: false, trainedOn: null };
    expect(evaluationDataLines(data, 10_000)).toMatch(new RegExp(`\\ndata assumed; ${unknown}$`));
    const given = evaluationDataLines({ ...data, given: true }, 10_000);
    expect(given).toMatch(new RegExp(`\\ndata given by --data-dir; ${unknown}$`));
    expect(widthOf(given)).toBeLessThanOrEqual(80);
  });
});
