/** The Markdown table of bench:peers. */
import { expect, test } from '@jest/globals';
import { comparisonTable } from '../../../bench/peers/table.ts';

const MIB = 2 ** 20;
const run = (train: number, evaluation: Record<number, number>, memory = 1) => ({
  trainImagesPerSecond: train,
  evalByBatchSize: evaluation,
  trainPeakMemoryBytes: memory * MIB,
});

test('comparisonTable shows medians, spreads, ratios to the base and the highest peak of memory', () => {
  const ours = {
    name: 'ours',
    measurements: [run(900, { 500: 3000 }, 900), run(1100, { 500: 3100 }, 800), run(1000, { 500: 2000 }, 1024)],
  };
  const theirs = {
    name: 'theirs',
    measurements: [run(250, { 128: 1500 }), run(400, { 128: 1000 }), run(100, { 128: 2000 })],
  };
  expect(comparisonTable([ours, theirs], 'ours')).toBe(
    [
      '|  | training | spread | ratio | evaluation | spread | ratio | peak memory |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      '| ours | 1,000 | 900 to 1,100 |  | 3,000 (batch 500) | 2,000 to 3,100 |  | 1,024 MiB |',
      '| theirs | 250 | 100 to 400 | 4.00× | 1,500 (batch 128) | 1,000 to 2,000 | 2.00× | 1 MiB |',
      '',
    ].join('\n'),
  );
});

test('comparisonTable shows evaluation at the batch size with the best median, not with the best single run', () => {
  const measurements = [
    run(1, { 128: 10, 500: 40 }),
    run(1, { 128: 99, 500: 50 }), // a lucky run
    run(1, { 128: 20, 500: 30 }),
  ];
  expect(comparisonTable([{ name: 'theirs', measurements }], 'ours')).toContain('| 40 (batch 500) | 30 to 50 |');
});

test('comparisonTable shows the mean of the middle two for an even number of rounds', () => {
  const measurements = [run(10, { 128: 1 }), run(20, { 128: 1 }), run(40, { 128: 1 }), run(90, { 128: 1 })];
  expect(comparisonTable([{ name: 'theirs', measurements }], 'ours')).toContain('| 30 | 10 to 90 |');
});

test('comparisonTable shows no ratios if the base has not run', () => {
  expect(comparisonTable([{ name: 'theirs', measurements: [run(1, { 128: 1 })] }], 'ours')).not.toContain('×');
});
