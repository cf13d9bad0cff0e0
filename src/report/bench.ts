/** The text output of `resnet bench`. */
import type { JoinedResult } from '../bench/joined.ts';
import type { BenchResult } from '../bench/measure.ts';
import type { Profile } from '../bench/profile.ts';
import { percentage } from '../numbers.ts';
import { framedTable } from './framed-table.ts';

/** Names of the modes as the table shows them. */
const MODE_NAMES: Readonly<Record<BenchResult['mode'], string>> = {
  compiled: 'one graph',
  'op-by-op': 'op by op',
  layers: 'layers model',
};

/** Rows that every table has: what is measured, and its text. */
type SharedRow = readonly [
  head: string,
  cell: (result: Pick<BenchResult, keyof BenchResult & keyof JoinedResult>) => string,
];

/** A row of the table: what is measured, and its text for one result, with all results. */
type Row = readonly [head: string, cell: (result: BenchResult, results: readonly BenchResult[]) => string];

const STEP_ROWS: readonly SharedRow[] = [
  ['ms/step (median)', ({ millisecondsPerStep }) => millisecondsPerStep.median.toFixed(1)],
  ['… least', ({ millisecondsPerStep }) => millisecondsPerStep.least.toFixed(1)],
  ['… most', ({ millisecondsPerStep }) => millisecondsPerStep.most.toFixed(1)],
];
const FIRST_STEP: SharedRow = [
  'To the first step',
  ({ startToFirstStepSeconds }) => `${startToFirstStepSeconds.toFixed(2)} s`,
];
const peakMemory: SharedRow[1] = ({ trainPeakMemoryBytes }) => `${Math.round(trainPeakMemoryBytes / 2 ** 20)} MiB`;
const ROWS: readonly Row[] = [
  ...STEP_ROWS,
  ['Native calls/step', ({ nativeCallsPerStep }) => String(nativeCallsPerStep)],
  ['Evaluation images/s', ({ evalImagesPerSecond }) => evalImagesPerSecond.toFixed(0)],
  FIRST_STEP,
  ['Peak memory, training', peakMemory],
];

const SPEED: SharedRow = ['Training images/s', ({ trainImagesPerSecond }) => trainImagesPerSecond.toFixed(0)];

/** How many times as fast as a mode the first one is. */
const TO_FIRST: Row = [
  '… ratio of the first',
  (result, [first = result]) => (result === first ? '' : ratio(first, result)),
];

/** How many times as fast as the step that trains all parts the one with frozen parts is, in the same mode. */
const TO_FULL: Row = [
  '… times all trained',
  (result, results) => {
    const full = results.find(({ mode, frozen }) => mode === result.mode && !frozen);
    return result.frozen && full ? ratio(result, full) : '';
  },
];

function ratio(one: BenchResult, other: BenchResult): string {
  return `${(one.trainImagesPerSecond / other.trainImagesPerSecond).toFixed(2)}×`;
}

/** A table with a column for each result, so that it fits 80 columns; the ratio compares with another column. */
export function benchTable(results: readonly BenchResult[]): string {
  const isFrozen = results.some(({ frozen }) => frozen);
  const table = framedTable(['', ...results.map((result) => headOf(result, isFrozen))]);
  const ratios = isFrozen ? [TO_FULL] : results.length > 1 ? [TO_FIRST] : [];
  for (const [head, cell] of [SPEED, ...ratios, ...ROWS]) {
    table.push([head, ...results.map((result) => cell(result, results))]);
  }
  return `${table.toString()}\n`;
}

/** What the exchange between workers costs a step, and how it is done. */
const EXCHANGE_ROWS: readonly (readonly [head: string, cell: (result: JoinedResult) => string])[] = [
  ['Waiting for other workers', ({ waitingFraction }) => `${percentage(waitingFraction)} of a step`],
  ['Sent by a worker', ({ bytesSentPerStep }) => `${(bytesSentPerStep / 1e6).toFixed(1)} MB/step`],
  ['Gradients as', ({ reduce }) => reduce],
  ['Batch norm', ({ syncBatchNorm }) => (syncBatchNorm ? 'of the whole batch' : 'of each part')],
];

/** A table of several workers: the speed is that of all, memory is worker 0's. */
export function joinedTable(result: JoinedResult): string {
  const table = framedTable(['', `${result.workers} workers`]);
  const ofWorker: readonly SharedRow[] = [FIRST_STEP, ['Peak memory of worker 0', peakMemory]];
  for (const [head, cell] of [SPEED, ...STEP_ROWS, ...EXCHANGE_ROWS, ...ofWorker]) table.push([head, cell(result)]);
  return `${table.toString()}\n`;
}

/** @param isFrozen whether there are results with frozen parts */
function headOf({ mode, frozen }: BenchResult, isFrozen: boolean): string {
  if (!isFrozen) return MODE_NAMES[mode];
  return `${MODE_NAMES[mode]},\n${frozen ? 'frozen' : 'all trained'}`;
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
