/** Weights of classes: from what a user gives to what a run trains with. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { classesOf, classWeightsIn, givenClassWeights } from '../../../src/run/settings/class-weights.ts';
import { settingsIn } from '../../../src/run/settings.ts';
import { METADATA } from '../../checkpoint/example.ts';
import { columnsDataset, range } from '../../support/datasets.ts';
import { SETTINGS } from '../../support/runs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const dataset = columnsDataset(20, 4);
const folder = temporaryFolder();

test('a file becomes its numbers, by the names of the classes or by their labels; words stay', async () => {
  const file = join(folder, 'weights.csv');
  writeFileSync(file, 'bee,2\nant,0.5\n');
  const weightsFor = await givenClassWeights({ file });
  expect(weightsFor(classesOf({ classNames: ['ant', 'bee'], classes: 2 }))).toEqual([0.5, 2]);
  expect(() => weightsFor(classesOf({ classes: 2 }))).toThrow(`${file}: line 1: no class is named "bee"`);
  writeFileSync(file, '1,3\n0,4\n');
  expect((await givenClassWeights({ file }))(classesOf({ classes: 2 }))).toEqual([4, 3]);
  for (const word of ['none', 'balanced', undefined] as const) {
    expect((await givenClassWeights(word))(['ant'])).toBe(word);
  }
});

test('balanced weights are scikit-learn’s, of the images that are trained on; a class without any weighs nothing', () => {
  const labels = Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 2, 1, 1);
  const train = range(0, 8);
  // sklearn.utils.class_weight.compute_class_weight('balanced', classes=[0, 2], y) has 8 / (2 · 6) and 8 / (2 · 2).
  const data = { dataset: { ...dataset, labels, classes: 3 }, train };
  const weights = classWeightsIn({ classWeights: 'balanced', classes: 3 }, data);
  expect(weights).toEqual(Float32Array.of(8 / (3 * 6), 0, 8 / (3 * 2)));
  expect(classWeightsIn({ classWeights: [1, 2, 3], classes: 3 }, data)).toEqual(Float32Array.of(1, 2, 3));
  for (const classWeights of ['none', undefined] as const) {
    expect(classWeightsIn({ classWeights, classes: 3 }, data)).toBeUndefined();
  }
});

test.each([
  [[1, 2], '2 numbers, expected 10 numbers'],
  [{ file: 'weights.csv' }, 'the name of a file, expected 10 numbers'],
])('a checkpoint with the weights %j is refused', (classWeights, problem) => {
  const settings = { ...SETTINGS, classWeights };
  expect(() => settingsIn({ ...METADATA, settings }, 'last.safetensors')).toThrow(
    expect.objectContaining({ code: 4, message: `last.safetensors: metadata settings.classWeights: ${problem}` }),
  );
});
