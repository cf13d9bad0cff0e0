/** Tests of the text of `resnet bench`. */
import { expect, test } from '@jest/globals';
import { BENCH_MODES, type BenchResult } from '../../src/bench/measure.ts';
import { summarise } from '../../src/bench/profile.ts';
import { BODY_PARTS } from '../../src/net/parts.ts';
import { benchTable, joinedTable, profileTables } from '../../src/report/bench.ts';

const widthOf = (text: string) => Math.max(...text.split('\n').map((line) => [...line].length));

/** A result of a machine that needs this many milliseconds for a step of 128 images. */
function resultOf(mode: BenchResult['mode'], milliseconds: number, frozen?: BenchResult['frozen']): BenchResult {
  return {
    mode,
    ...(frozen ? { frozen } : {}),
    firstLoss: 2.3,
    trainImagesPerSecond: 128_000 / milliseconds,
    millisecondsPerStep: { median: milliseconds, least: 0.9 * milliseconds, most: 1.2 * milliseconds },
    nativeCallsPerStep: 2448,
    evalByBatchSize: { 128: 4696 },
    evalImagesPerSecond: 4696,
    startToFirstStepSeconds: 1.85,
    trainPeakMemoryBytes: 644 * 2 ** 20,
    peakMemoryBytes: 700 * 2 ** 20,
  };
}

test('the table has a column for each mode, with the ratio to the first', () => {
  const text = benchTable([resultOf('compiled', 100), resultOf('op-by-op', 187)]);
  expect(text).toMatch(/one graph │ op by op/);
  expect(text).toMatch(/… ratio of the first +│ +│ +1\.87× │/);
  expect(text).toMatch(/ms\/step \(median\) +│ +100\.0 │ +187\.0 │/);
  expect(text).toMatch(/Peak memory, training +│ +644 MiB │/);
});

test('the table with frozen parts has the ratio to the step of the same mode that trains all', () => {
  const results = (['compiled', 'op-by-op'] as const).flatMap((mode, index) => [
    resultOf(mode, 30 + 10 * index, BODY_PARTS),
    resultOf(mode, 96 * (index + 1)),
  ]);
  const text = benchTable(results);
  expect(text).toMatch(/one graph, │ +one graph, │ +op by op, │ +op by op, │\n│ +│ +frozen │ all trained │ +frozen │/);
  expect(text).toMatch(/… times all trained +│ +3\.20× │ +│ +4\.80× │ +│/);
  expect(text).not.toContain('ratio of the first');
  expect(widthOf(text)).toBeLessThanOrEqual(80);
});

test('the table of one mode has no ratio', () => {
  expect(benchTable([resultOf('compiled', 100)])).not.toContain('ratio');
});

test('the table of all modes fits 80 columns, on machines of any speed', () => {
  for (const milliseconds of [0.01, 100, 1e7]) {
    expect(widthOf(benchTable(BENCH_MODES.map((mode) => resultOf(mode, milliseconds))))).toBeLessThanOrEqual(80);
  }
});

test('the table of several workers says what a step waits and what a worker sends', () => {
  const { mode: _, nativeCallsPerStep: __, ...figures } = resultOf('compiled', 160);
  const exchange = { waitingFraction: 0.1234, bytesSentPerStep: 16_944_000 };
  const text = joinedTable({
    ...figures,
    ...exchange,
    workers: 2,
    batchSize: 128,
    syncBatchNorm: false,
    reduce: 'float32',
  });
  expect(text).toMatch(/│ +2 workers │/);
  expect(text).toMatch(/Training images\/s +│ +800 │/);
  expect(text).toMatch(/Waiting for other workers +│ 12\.34 % of a step │/);
  expect(text).toMatch(/Sent by a worker +│ +16\.9 MB\/step │/);
  expect(text).toMatch(/Batch norm +│ +of each part │/);
  expect(widthOf(text)).toBeLessThanOrEqual(80);
});

test('the tables of a profile fit 80 columns with the longest names, and with minutes in a step', () => {
  const node = (op: string, scope: string) => {
    return { node: `train_128/${scope}/1_${op}`, label: '', start: 0, duration: 1e9 };
  };
  const layer = 'resnet_block4.residual_1.shortcut';
  const nodes = [node('_MklNativeConv2DBackpropFilterWithBias', layer), node('Conv2D', `${layer}/gradient`)];
  const text = profileTables(summarise([[{ device: '/cpu:0', nodes }]], [layer]));
  expect(text).toContain(layer);
  expect(widthOf(text)).toBeLessThanOrEqual(80);
});
