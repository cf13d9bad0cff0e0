/** `metrics.csv`, the table of a run's epochs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openMetricsTable } from '../../src/run/epoch-metrics.ts';
import type { EpochEvent } from '../../src/training/events.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();
const OLDER_HEAD =
  'epoch,step,learning_rate,train_loss,train_accuracy,val_loss,val_accuracy,images_per_second,seconds\n';
const HEAD = OLDER_HEAD.replace('images', 'val_balanced_accuracy,val_macro_f1,images');

const EPOCH: EpochEvent = {
  type: 'epoch',
  epoch: 3,
  step: 1290,
  learningRate: 4e-9,
  train: { images: 55_000, loss: 1 / 3, accuracy: 0.5 },
  validation: { images: 5000, loss: 0.1, accuracy: 1, balancedAccuracy: 0.75, macroF1: 0.625 },
  best: false,
  imagesPerSecond: 1053.25,
  trainSeconds: 50,
  seconds: 54.125,
};
const OLDER_ROW = '3,1290,4e-9,0.3333333333333333,0.5,0.1,1,1053.25,54.125\n';
const ROW = OLDER_ROW.replace('1053', '0.75,0.625,1053');

/** Opens a table that holds a text, adds an epoch, and returns the table's text. */
async function reopened(name: string, text: string, epochs: number): Promise<string> {
  const path = join(root, name);
  writeFileSync(path, text);
  const table = await openMetricsTable(path, epochs);
  table.append(EPOCH);
  table.close();
  return readFileSync(path, 'utf8');
}

test('a new metrics.csv has a head, and a row for each epoch with its unrounded numbers', async () => {
  expect(await reopened('new', '', 0)).toBe(HEAD + ROW);
});

test('the metrics.csv of a resumed run keeps the rows of finished epochs, and no others', async () => {
  expect(await reopened('cut', `${HEAD}1,430,\n2,860,\n3,1290,\n4,1720,\n`, 2)).toBe(`${HEAD}1,430,\n2,860,\n${ROW}`);
});

test('the metrics.csv that an older version began keeps its columns', async () => {
  const begun = `${OLDER_HEAD}1,430,\n2,860,\n`;
  expect(await reopened('older', begun, 2)).toBe(begun + OLDER_ROW);
});

test.each([HEAD.slice(0, -1), 'ep'])('a metrics.csv whose head was cut by a kill gets a new head: %j', async (text) => {
  expect(await reopened(`torn-${text.length}`, text, 2)).toBe(HEAD + ROW);
});

test('a metrics.csv loses a row that was cut by a kill', async () => {
  expect(await reopened('torn-row', `${HEAD}1,430,\n2,86`, 2)).toBe(`${HEAD}1,430,\n${ROW}`);
});
