/** The text output of `resnet bench`. */
import type { BenchResult } from '../bench/measure.ts';
import type { Profile } from '../bench/profile.ts';
import { framedTable } from './framed-table.ts';
import { percentage } from './numbers.ts';

/** Names of the modes as the table shows them. */
const MODE_NAMES: Readonly<Record<BenchResult['mode'], string>> = {
  compiled: 'one graph',
  'op-by-op': 'op by op',
  layers: 'layers model',
};

const RATIO = '… ratio of the first';

/** Rows of the table: what is measured, and its text for one mode; `base` is the result of the first mode. */
const ROWS: readonly (readonly [head: string, cell: (result: BenchResult, base: BenchResult) => string])[] = [
  ['Training images/s', ({ trainImagesPerSecond }) => trainImagesPerSecond.toFixed(0)],
  [
    RATIO,
    (result, base) =>
      result === base ? '' : `${(base.trainImagesPerSecond / result.trainImagesPerSecond).toFixed(2)}×`,
  ],
  ['ms/step (median)', ({ millisecondsPerStep }) => millisecondsPerStep.median.toFixed(1)],
  ['… least', ({ millisecondsPerStep }) => millisecondsPerStep.least.toFixed(1)],
  ['… most', ({ millisecondsPerStep }) => millisecondsPerStep.most.toFixed(1)],
  ['Native calls/step', ({ nativeCallsPerStep }) => String(nativeCallsPerStep)],
  ['Evaluation images/s', ({ evalImagesPerSecond }) => evalImagesPerSecond.toFixed(0)],
  ['To the first step', ({ startToFirstStepSeconds }) => `${startToFirstStepSeconds.toFixed(2)} s`],
  ['Peak memory, training', ({ trainPeakMemoryBytes }) => `${Math.round(trainPeakMemoryBytes / 2 ** 20)} MiB`],
];

/** A table with a column for each measured mode, so that it fits 80 columns; the ratio compares with the first mode. */
export function benchTable(results: readonly BenchResult[]): string {
  const table = framedTable(['', ...results.map(({ mode }) => MODE_NAMES[mode])]);
  for (const [head, cell] of ROWS) {
    if (head === RATIO && results.length === 1) continue;
    table.push([head, ...results.map((result, _, [base = result]) => cell(result, base))]);
  }
  return `${table.toString()}\n`;
}

/** Most ops that have a row of their own; the cheaper ones share one row. */
const MAX_OP_ROWS = 24;

/** Two tables of a step's time: by op, the costliest first, and by layer in the order of the network. */
export function profileTables({ milliseconds, byOp, byLayer }: Profile): string {
  const fraction = (time: number) => percentage(time / milliseconds);
  const ops = framedTable(['Op', 'Count', 'ms/step', 'Share']);
  for (const { op, count, milliseconds: time } of byOp.slice(0, MAX_OP_ROWS)) {
    ops.push([op, String(count), time.toFixed(2), fraction(time)]);
  }
  const rest = byOp.slice(MAX_OP_ROWS).reduce((sum, { milliseconds: time }) => sum + time, 0);
  if (rest > 0) ops.push([`${byOp.length - MAX_OP_ROWS} others`, '', rest.toFixed(2), fraction(rest)]);
  ops.push(['Total', '', milliseconds.toFixed(2), '']);
  const layers = framedTable(['Layer', 'Forward ms', 'Gradient ms', 'Share']);
  for (const { layer, forward, gradient } of byLayer) {
    layers.push([layer || '(none)', forward.toFixed(2), gradient.toFixed(2), fraction(forward + gradient)]);
  }
  return `${ops.toString()}\n${layers.toString()}\n`;
}
