/** The comparison of several workers as a Markdown table: medians, spreads and ratios. */
import type { BenchResult } from '../../src/bench/measure.ts';
import { median } from '../../src/bench/spread.ts';
import { percentage } from '../../src/numbers.ts';
import { markdownTable } from '../../src/report/text-table.ts';
import type { Versioned } from '../peers/contenders.ts';
import { format, ratioText, spread } from '../peers/table.ts';
import type { Runs } from '../turns.ts';

/** Figures of a contender; the last two are printed by several workers of this tool. */
export interface Measurement extends Pick<BenchResult, 'trainImagesPerSecond' | 'trainPeakMemoryBytes'>, Versioned {
  /** Fraction of a step in which a worker does nothing but wait for the others' gradients. */
  readonly waitingFraction?: number;
  /** Bytes that a worker sends in a step. */
  readonly bytesSentPerStep?: number;
}

const HEADINGS = [
  ...['', 'training', 'spread', 'beside one process', 'beside the best peer'],
  ...['waiting', 'sent a step', 'peak memory of worker 0'],
];

/**
 * A Markdown table with a row for each contender: images per second of all workers, how many times that of `one` and of
 * the fastest peer, and worker 0's memory at the end of training. A column without its figure is empty.
 *
 * @param runs each with at least one measurement
 * @param one name of the contender of one process
 * @param peer how the names of the peers begin
 */
export function clusterTable(runs: readonly Runs<Measurement>[], one: string, peer: string): string {
  const speeds = new Map(
    runs.map(({ name, measurements }) => [name, measurements.map((each) => each.trainImagesPerSecond)]),
  );
  const peers = [...speeds].filter(([name]) => name.startsWith(peer)).map(([, each]) => each);
  const best = peers.toSorted((a, b) => median(b) - median(a))[0];
  const beside = (own: readonly number[], other: readonly number[] | undefined) =>
    other && other !== own ? ratioText(own, other) : '';
  const rows = runs.map(({ name, measurements }) => {
    const own = speeds.get(name) ?? [];
    const memory = Math.max(...measurements.map(({ trainPeakMemoryBytes }) => trainPeakMemoryBytes));
    const waiting = measurements.flatMap(({ waitingFraction }) => waitingFraction ?? []);
    const sent = measurements[0]?.bytesSentPerStep;
    return [
      name,
      format(median(own)),
      spread(own),
      beside(own, speeds.get(one)),
      beside(own, best),
      waiting.length === 0 ? '' : percentage(median(waiting)),
      sent === undefined ? '' : `${(sent / 1e6).toFixed(1)} MB`,
      `${format(memory / 2 ** 20)} MiB`,
    ];
  });
  return markdownTable({ columns: HEADINGS.map((head) => ({ head, align: 'left' })), rows });
}
