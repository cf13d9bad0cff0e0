/** Results of bench:recipes: the file, and the Markdown table. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { appendResult, type Result, readResults, resultsTable } from '../../../bench/recipes/results.ts';
import { RECIPES } from '../../../src/run/recipes.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const result = (seed: number, testAccuracy: number, seconds: number | null): Result => {
  const date = `2026-11-2${seed}T12:00:00.000Z`;
  return { recipe: 'fast', seed, settings: RECIPES.fast, validationAccuracy: 0.99, testAccuracy, seconds, date };
};

test('resultsTable shows mean, deviation, spread and times, without the time of a run that was resumed', () => {
  const results = [result(1, 0.991, 100), result(2, 0.993, 90), result(3, 0.995, null), result(4, 0.993, 92)];
  expect(resultsTable(results)).toBe(
    [
      '| recipe | seeds | validation | test, mean | standard deviation | spread | seconds | dates |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      '| `fast` | 1, 2, 3, 4 | 99.000 % | 99.300 % | 0.163 % | 99.100 % to 99.500 % | 92.0, 100.0 | 2026-11-21 to 2026-11-24 |',
      '',
    ].join('\n'),
  );
});

test('readResults skips a line that was cut, and results of a recipe that has changed', () => {
  const path = join(folder, 'results.ndjson');
  expect(readResults(path)).toEqual([]);
  const kept = result(1, 0.991, 100);
  appendResult(path, kept);
  appendResult(path, { ...result(2, 0.5, 1), settings: { ...RECIPES.fast, epochs: RECIPES.fast.epochs + 1 } });
  appendFileSync(path, JSON.stringify(result(3, 0.5, 1)).slice(0, 40));
  expect(readResults(path)).toEqual([kept]);
  appendResult(path, result(4, 0.992, 90));
  expect(readResults(path).map(({ seed }) => seed)).toEqual([1, 4]);
});
