/** The text output of `resnet bench`. */
import type { BenchResult } from '../bench/measure.ts';
import type { Profile } from '../bench/profile.ts';
import { framedTable } from './framed-table.ts';
import { percentage } from './numbers.ts';

/** Names of the modes as the table shows them. */
const MODE_NAMES: Readonly<Record<BenchResult['mode'], string>> = {
  compiled: 'one graph',
  'op-by-op': 'op by op',
  layers: 'tfjs layers model',
};

/**
 * A table with a row for each measured mode.
 *
 * @param results the measurements; the column `Ratio` compares the others with the first
 */
export function benchTable(results: readonly BenchResult[]): string {
  const table = framedTable([
    '',
    'Train img/s',
    'Ratio',
    'ms/step (range)',
    'Calls/step',
    'Eval img/s',
    'First step',
    'Peak MiB',
  ]);
  const base = results[0];
  for (const result of results) {
    const { median, least, most } = result.millisecondsPerStep;
    table.push([
      MODE_NAMES[result.mode],
      result.trainImagesPerSecond.toFixed(0),
      result === base ? '' : `${((base?.trainImagesPerSecond ?? 0) / result.trainImagesPerSecond).toFixed(2)}×`,
      `${median.toFixed(1)} (${least.toFixed(1)}–${most.toFixed(1)})`,
      String(result.nativeCallsPerStep),
      result.evalImagesPerSecond.toFixed(0),
      `${result.startToFirstStepSeconds.toFixed(2)} s`,
      String(Math.round(result.trainPeakMemoryBytes / 2 ** 20)),
    ]);
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
