/** Tests of the line about a model's data that `resnet predict` prints. */
import { expect, test } from '@jest/globals';
import { modelDataLine } from '../../../src/report/predict/predictions.ts';

const OTHER = { source: '/letters', isMnist: false, transposed: false, background: undefined } as const;
const prepared = "prepared as MNIST's digits; this model was trained on /letters";

test('a model of MNIST is said to be one', () => {
  expect(modelDataLine({ ...OTHER, source: 'MNIST', isMnist: true })).toBe('model trained on MNIST\n');
});

test('a model of other data gets pictures that are prepared as MNIST’s, and is said to', () => {
  expect(modelDataLine(OTHER)).toBe(`${prepared}\n`);
  expect(modelDataLine({ ...OTHER, background: 'dark' })).toBe(`${prepared}\n`);
  expect(modelDataLine({ ...OTHER, background: 'light' })).toBe(`${prepared} (dark on light)\n`);
  expect(modelDataLine({ ...OTHER, background: 'light', transposed: true })).toBe(
    `${prepared} (dark on light, transposed)\n`,
  );
  expect(modelDataLine({ ...OTHER, source: 'a\u001b' })).toContain('trained on a\\u001b\n');
});

test('a file that does not say what its model was trained on is said to', () => {
  expect(modelDataLine(undefined)).toContain('the file does not say what its model was trained on');
});
