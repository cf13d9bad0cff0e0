/** What does not make sense about well-formed data, and which data are left in peace. */

import { describe, expect, test } from '@jest/globals';
import type { DatasetInMemory } from '../../src/dataset/dataset.ts';
import { loadDataset } from '../../src/dataset/load.ts';
import { backgroundOf, backgroundWarning, datasetWarnings, trainingWarnings } from '../../src/dataset/sense.ts';
import { splitTrainingData } from '../../src/dataset/split.ts';
import { columnsDataset, datasetOf } from '../support/datasets.ts';

/** The first images of MNIST's test set. */
const MNIST = firstOf(await loadDataset('test'), 500);

function firstOf(dataset: DatasetInMemory, count: number): DatasetInMemory {
  const { pixels, labels, height, width } = dataset;
  return { ...dataset, count, pixels: pixels.subarray(0, count * height * width), labels: labels.subarray(0, count) };
}

function withLabels(labels: readonly number[], classes = 10): DatasetInMemory {
  const pixels = new Uint8Array(labels.length * 16).fill(200);
  return { ...datasetOf(pixels, Uint8Array.from(labels), 4, 4), classes };
}

function warningsOfTraining(dataset: DatasetInMemory, limitTrain?: number): Promise<string[]> {
  return trainingWarnings(splitTrainingData(dataset, { validationSize: 4, seed: 0, limitTrain, limitValidation: 1 }));
}

/** The same data with each pixel changed. */
function changed(dataset: DatasetInMemory, change: (pixel: number) => number): DatasetInMemory {
  return { ...dataset, pixels: dataset.pixels.map(change) };
}

describe('the brightness of images', () => {
  test.each<[string, DatasetInMemory]>([
    ['MNIST', MNIST],
    ['inverted MNIST', changed(MNIST, (pixel) => 255 - pixel)],
    ['images full of grey, as Fashion-MNIST’s', columnsDataset(20, 12)],
    ['very dark images', changed(MNIST, (pixel) => Math.min(2, pixel))],
  ])('of %s is not warned of', async (_, dataset) => {
    expect(await datasetWarnings(dataset)).toEqual([]);
  });

  test.each([0, 1])('whose largest pixel is %d is warned of, with the file and that value', async (largest) => {
    const dark = changed(MNIST, (pixel) => (pixel > 127 ? largest : 0));
    expect(await datasetWarnings(dark)).toEqual([
      `${MNIST.imagesFile}: no pixel is above 1 (the largest value is ${largest}), so all images are black: pixels go from 0 to 255`,
    ]);
  });
});

describe('the labels of training data', () => {
  const twice = Array.from({ length: 40 }, (_, index) => index % 10);

  test('are not warned of if both splits have every class, even if --limit-train leaves some out', async () => {
    const dataset = withLabels(
      Array.from({ length: 100 }, (_, index) => index % 4),
      4,
    );
    expect(await warningsOfTraining(dataset, 2)).toEqual([]);
  });

  test('that are all alike are one warning', async () => {
    expect(await warningsOfTraining(withLabels(new Array(40).fill(7)))).toEqual(['labels: all 40 labels are 7']);
  });

  test('of which classes are missing are one warning that names them', async () => {
    const few = withLabels(Array.from({ length: 40 }, (_, index) => [1, 2, 5, 9][index % 4]!));
    expect(await warningsOfTraining(few)).toEqual(['labels: no training image of class 0, 3, 4, 6 to 8']);
  });

  test('of named classes that are missing are one warning with the names', async () => {
    const few = withLabels(Array.from({ length: 40 }, (_, index) => [1, 2, 5, 9][index % 4]!));
    const classNames = ['ant', 'bee', 'cat', 'dog', 'e\n', 'fly', 'gnu', 'hen', 'ibis', 'jay'];
    expect(await warningsOfTraining({ ...few, classNames })).toEqual([
      'labels: no training image of class ant, dog, e\\u000a, gnu, hen, ibis',
    ]);
    expect(await warningsOfTraining({ ...withLabels(new Array(40).fill(3)), classNames })).toEqual([
      'labels: all 40 labels are dog',
    ]);
  });

  test('of parts that share images are one warning for each two parts', async () => {
    const alike = withLabels(new Array(40).fill(7));
    const shared = [{ parts: 'train and test', images: 3 }];
    expect(await warningsOfTraining({ ...alike, shared })).toContain(
      `${alike.source}: 3 images are in both train and test, byte for byte`,
    );
  });

  test('of which the validation split lacks a class are one warning, for four images cannot show ten', async () => {
    const [warning, ...others] = await warningsOfTraining(withLabels(twice));
    expect(warning).toMatch(/^labels: no validation image of class \d/);
    expect(others).toEqual([]);
  });

  test('of which a class has ten times the images of another are one warning that names both and what to do', async () => {
    const unequal = withLabels([...Array(200).fill(3), ...Array(20).fill(1), ...Array(60).fill(0)], 4);
    const advice = '--class-weights balanced counts them alike in training, --best-by balanced-accuracy in validation';
    expect(await warningsOfTraining(unequal)).toContain(`labels: class 3 has 200 images, class 1 20: ${advice}`);
    const named = await warningsOfTraining({ ...unequal, classNames: ['ant', 'bee', 'c', 'd\n'] });
    expect(named.at(-1)).toBe(`labels: class d\\u000a has 200 images, class bee 20: ${advice}`);
    expect(named.filter((each) => each.includes('--class-weights'))).toHaveLength(1);
    const data = splitTrainingData(unequal, { validationSize: 4, seed: 0 });
    const known = await trainingWarnings(data, true);
    expect(known.filter((each) => each.includes('--class-weights'))).toEqual([]);
  });

  test('that leave out hundreds of classes are one short line', async () => {
    const odd = withLabels(
      Array.from({ length: 256 }, (_, index) => 2 * (index % 100)),
      256,
    );
    const [warning = ''] = await warningsOfTraining(odd);
    expect(warning).toMatch(/^labels: no training image of class 1, 3, 5, 7, 9, 11 and others, no validation /);
    expect(warning.length).toBeLessThan(200);
  });
});

describe('the background', () => {
  const inverted = changed(MNIST, (pixel) => 255 - pixel);

  test('is dark in MNIST, and light if it is inverted', async () => {
    expect([await backgroundOf(MNIST), await backgroundOf(inverted)]).toEqual(['dark', 'light']);
  });

  test('is that of the outer two rows and columns, each pixel once', async () => {
    const light = new Uint8Array(36).fill(128);
    for (const inner of [14, 15, 20, 21]) light[inner] = 0;
    expect(await backgroundOf(datasetOf(light, Uint8Array.of(0), 6, 6))).toBe('light');
    const darker = light.map((pixel, index) => (index === 0 ? 95 : pixel)); // the mean of 32 pixels: 126.97
    expect(await backgroundOf(datasetOf(darker, Uint8Array.of(0), 6, 6))).toBe('dark');
    expect(await backgroundOf(datasetOf(Uint8Array.of(255, 0, 0), Uint8Array.of(0), 3, 1))).toBe('dark');
  });

  test('is warned of where a model learned from the other one, and only there', async () => {
    expect(await backgroundWarning(inverted, 'dark', 'best')).toEqual([
      `${MNIST.imagesFile}: images are dark on light, but best learned from light on dark: invert the images`,
    ]);
    expect(await backgroundWarning(MNIST, 'light', 'best')).toHaveLength(1);
    for (const learned of ['dark', undefined] as const)
      expect(await backgroundWarning(MNIST, learned, 'best')).toEqual([]);
  });

  test('is not judged in images whose pixels are 0 and 1: they would all count as light on dark', async () => {
    const dark = changed(MNIST, (pixel) => (pixel > 127 ? 0 : 1));
    expect(await backgroundWarning(dark, 'light', 'best')).toEqual([]);
  });
});
