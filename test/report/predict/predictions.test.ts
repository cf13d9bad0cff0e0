/** Tests of the lines that `resnet predict` prints: of its answers, and of the model's data. */
import { expect, test } from '@jest/globals';
import type { PictureModel } from '../../../src/evaluation/predict/picture-model.ts';
import { modelDataLine, modelLine, predictionCsv, predictionText } from '../../../src/report/predict/predictions.ts';

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

const top = [
  { predicted: 2, predictedName: 'cat, big', probability: 0.61234 },
  { predicted: 0, predictedName: 'ant', probability: 0.2 },
];
const answer = { path: 'a.png', ...top[0]!, top };
const unknown = { ...answer, predicted: null, predictedName: 'unknown' };

test('an answer is a line with the names of its classes, or says unknown before them', () => {
  expect(predictionText(answer)).toBe('a.png: cat, big (61.23 %), ant (20.00 %)\n');
  expect(predictionText(unknown)).toBe('a.png: unknown: cat, big (61.23 %), ant (20.00 %)\n');
  expect(
    predictionText({ path: '\u001b.png', predicted: 7, probability: 1, top: [{ predicted: 7, probability: 1 }] }),
  ).toBe('\\u001b.png: 7 (100.00 %)\n');
});

test('an answer in CSV has number, name and probability, and a picture without an answer its problem', () => {
  expect(predictionCsv(answer)).toBe('a.png,2,"cat, big",0.61234,\n');
  expect(predictionCsv(unknown)).toBe('a.png,,unknown,0.61234,\n');
  expect(predictionCsv({ path: '7.png', predicted: 7, probability: 1, top: [] })).toBe('7.png,7,7,1,\n');
  expect(predictionCsv({ path: 'b.png', problem: 'b.png: is empty; give another', code: 3 })).toBe(
    'b.png,,,,b.png: is empty; give another\n',
  );
});

test('a model of whole pictures says how each is prepared', () => {
  const model = {
    ...{ size: { height: 48, width: 64 }, channels: 3, whole: { fit: 'crop', fill: [0, 0, 0] }, trainedOn: OTHER },
    file: { metadata: { input: [3, 48, 64], preparation: { as: 'picture' } } },
  } as unknown as PictureModel;
  expect(modelLine(model)).toBe(
    'model trained on /letters; prepared as in training: 48×64 pixels in colour, cropped\n',
  );
  expect(modelLine({ ...model, size: { height: 32, width: 32 } })).toBe(
    'model trained on /letters; 32×32 pixels in colour, cropped\n',
  );
  const forced = { ...model, channels: 1, whole: { fit: 'pad', fill: [0] }, file: { metadata: {} } } as unknown;
  expect(modelLine(forced as PictureModel)).toBe('model trained on /letters; 48×64 pixels in grey, padded\n');
  expect(modelLine({ ...model, trainedOn: undefined })).toBe(
    'the file does not say how pictures were prepared: each becomes 48×64 pixels in colour, cropped; ' +
      '--image-size changes the size\n',
  );
  expect(modelLine({ ...model, whole: undefined })).toBe(`${prepared}\n`);
});
