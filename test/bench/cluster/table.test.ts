/** The Markdown table of bench:cluster. */
import { expect, test } from '@jest/globals';
import { clusterTable } from '../../../bench/cluster/table.ts';

const run = (trainImagesPerSecond: number, more = {}) => ({
  trainImagesPerSecond,
  trainPeakMemoryBytes: 2 ** 30,
  ...more,
});

test('clusterTable shows medians beside one process and beside the best peer, and figures that only workers have', () => {
  const workers = { waitingFraction: 0.125, bytesSentPerStep: 44_700_000 };
  const contenders = [
    { name: 'one process', measurements: [run(1000), run(900), run(2000)] },
    { name: 'two workers', measurements: [run(800, workers), run(700, workers), run(900, workers)] },
    { name: 'DDP, default', measurements: [run(390), run(400), run(410)] },
    { name: 'DDP, last', measurements: [run(100), run(900), run(300)] }, // the highest single run, but not the best
  ];
  expect(clusterTable(contenders, 'one process', 'DDP')).toBe(
    [
      '|  | training | spread | beside one process | beside the best peer | waiting | sent a step | peak memory of worker 0 |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      '| one process | 1,000 | 900 to 2,000 |  | 2.50× |  |  | 1,024 MiB |',
      '| two workers | 800 | 700 to 900 | 0.80× | 2.00× | 12.50 % | 44.7 MB | 1,024 MiB |',
      '| DDP, default | 400 | 390 to 410 | 0.40× |  |  |  | 1,024 MiB |',
      '| DDP, last | 300 | 100 to 900 | 0.30× | 0.75× |  |  | 1,024 MiB |',
      '',
    ].join('\n'),
  );
});

test('clusterTable leaves the columns of ratios empty without a peer and without one process', () => {
  expect(clusterTable([{ name: 'two workers', measurements: [run(800)] }], 'one process', 'DDP')).toContain(
    '| two workers | 800 | 800 to 800 |  |  |  |  | 1,024 MiB |',
  );
});
