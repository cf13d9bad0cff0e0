/** The JSON of `--json` keeps its documented field names. */
import { expect, test } from '@jest/globals';
import { evaluationResult } from '../../src/evaluation/evaluation-result.ts';
import { jsonLine } from '../../src/evaluation/json.ts';
import { topK } from '../../src/evaluation/predictions.ts';

/** Names of all fields in order. A field inside another has its path; of a list only the first entry counts. */
function fieldNames(value: unknown): string[] {
  if (Array.isArray(value)) return fieldNames(value[0]);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => [
    name,
    ...fieldNames(each).map((inner) => `${name}.${inner}`),
  ]);
}

test('the JSON of an evaluation has its documented field names', () => {
  const prediction = { image: 3, label: 0, predicted: 1, probability: 0.9, labelProbability: 0.1, loss: 2.3 };
  const mistake = { ...prediction, rawProbability: 0.8, labelRank: 1 };
  const json = jsonLine({ split: 'test', ...evaluationResult([mistake], 2, 1) });
  expect(json).toMatch(/^.*\n$/);
  expect(fieldNames(JSON.parse(json))).toEqual([
    ...['split', 'images', 'loss', 'accuracy', 'hits', 'interval'],
    ...['balancedAccuracy', 'macroF1', 'temperature'],
    ...['calibration', 'calibrationRaw'].flatMap((each) => [
      ...[each, `${each}.error`, `${each}.bins`],
      ...['above', 'upTo', 'images', 'accuracy', 'confidence'].map((name) => `${each}.bins.${name}`),
    ]),
    ...['confusionMatrix', 'classes'],
    ...['label', 'support', 'precision', 'recall', 'f1'].map((name) => `classes.${name}`),
    'topConfusions',
    ...['label', 'guess', 'images'].map((name) => `topConfusions.${name}`),
    'worst',
    ...['image', 'label', 'guess', 'probability', 'labelProbability', 'loss'].map((name) => `worst.${name}`),
  ]);
});

test('the JSON of a picture’s prediction has its documented field names', () => {
  const json = jsonLine([{ path: 'seven.png', top: topK(Float32Array.of(1, 0), 1) }]);
  expect(fieldNames(JSON.parse(json))).toEqual(['path', 'top', 'top.guess', 'top.probability']);
});
