/**
 * Tests of the tables of `resnet summary`. Golden files in `golden/` hold what it prints into a pipe; the folded one is
 * for a terminal of 80 columns.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { BODY_PARTS, type BodyPart } from '../../src/net/parts.ts';
import { resNet } from '../../src/net/resnet.ts';
import { summarise } from '../../src/net/summary.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { COLUMN_NAMES, DEFAULT_COLUMNS } from '../../src/report/summary-columns.ts';
import { summaryMarkdown, summaryTable } from '../../src/report/summary-table.ts';

function golden(name: string): string {
  return readFileSync(fileURLToPath(new URL(`golden/${name}.txt`, import.meta.url)), 'utf8');
}

function summaryOf(input: readonly number[], batch = 1, frozen: readonly BodyPart[] = []) {
  const trace = (stem: 'imagenet' | 'cifar') => traceShapes(resNet({ depth: 18, classes: 10, stem }), input);
  return summarise(trace('imagenet'), { batch, frozen, smallStem: () => trace('cifar') });
}

const blocks = { columns: DEFAULT_COLUMNS, depthLimit: 2 };

test('the default table is the golden file’s', () => {
  expect(summaryTable(summaryOf([1, 224, 224]), blocks)).toBe(golden('224'));
});

test('a table of small images is folded to 80 columns and has a note', () => {
  const text = summaryTable(summaryOf([1, 28, 28], 128), blocks, 80);
  expect(text).toBe(golden('28-batch-128-folded'));
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test('a table can show all levels of the layer tree with all columns', () => {
  expect(summaryTable(summaryOf([1, 224, 224]), { columns: COLUMN_NAMES, depthLimit: 3 })).toBe(
    golden('224-everything'),
  );
});

test('chosen columns are shown in the order in which they are named', () => {
  const options = { columns: ['live', 'name', 'parameters'], depthLimit: 1 } as const;
  expect(summaryTable(summaryOf([1, 28, 28]), options)).toBe(golden('28-chosen-columns'));
});

test('a table with frozen parts marks their layers, and tells how many parameters are trained', () => {
  const text = summaryTable(summaryOf([1, 28, 28], 64, ['stem', 'stage1', 'stage2']), blocks, 80);
  expect(text).toBe(golden('28-frozen-folded'));
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test('the table in Markdown of a frozen body is the golden file’s', () => {
  const options = { columns: ['name', 'parameters', 'trained', 'memory'], depthLimit: 1 } as const;
  expect(summaryMarkdown(summaryOf([1, 28, 28], 64, BODY_PARTS), options)).toBe(golden('28-frozen-body-markdown'));
});

test('the table in Markdown is the golden file’s', () => {
  expect(summaryMarkdown(summaryOf([1, 28, 28]), blocks)).toBe(golden('28-markdown'));
});
