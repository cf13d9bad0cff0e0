/** The comparison as a Markdown table: medians, spreads and ratios. */
import { median } from '../../src/bench/spread.ts';
import { markdownTable } from '../../src/report/text-table.ts';
import type { Runs } from '../turns.ts';
import type { Measurement } from './contenders.ts';

const HEADINGS = ['', 'training', 'spread', 'ratio', 'evaluation', 'spread', 'ratio', 'peak memory'];

/**
 * A Markdown table with a row for each contender. Speeds are in images per second, of evaluation with the contender's
 * best batch size; memory is the largest resident size up to the end of training.
 *
 * @param contenders each with at least one run
 * @param base name of a contender: a ratio is its median speed divided by that of the row. Without such a contender the
 *   columns of ratios are empty
 */
export function comparisonTable(contenders: readonly Runs<Measurement>[], base: string): string {
  const summaries = contenders.map(summarise);
  const numerator = summaries.find(({ name }) => name === base);
  const rows = summaries.map((summary) => {
    const { name, train, evaluation, peakMemory } = summary;
    const ratio = (part: 'train' | 'evaluation') =>
      numerator && summary !== numerator ? ratioText(numerator[part].speeds, summary[part].speeds) : '';
    return [
      name,
      format(median(train.speeds)),
      spread(train.speeds),
      ratio('train'),
      `${format(median(evaluation.speeds))} (batch ${evaluation.batch})`,
      spread(evaluation.speeds),
      ratio('evaluation'),
      `${format(peakMemory / 2 ** 20)} MiB`,
    ];
  });
  return markdownTable({ columns: HEADINGS.map((head) => ({ head, align: 'left' })), rows });
}

function summarise({ name, measurements }: Runs<Measurement>) {
  return {
    name,
    train: { speeds: measurements.map(({ trainImagesPerSecond }) => trainImagesPerSecond) },
    evaluation: bestEvaluation(measurements),
    peakMemory: Math.max(...measurements.map(({ trainPeakMemoryBytes }) => trainPeakMemoryBytes)),
  };
}

/** Speeds of evaluation with the batch size that has the highest median. */
function bestEvaluation(measurements: readonly Measurement[]): { batch: number; speeds: number[] } {
  const batches = Object.keys(measurements[0]?.evalByBatchSize ?? {}).map(Number);
  const candidates = batches.map((batch) => {
    return { batch, speeds: measurements.map(({ evalByBatchSize }) => evalByBatchSize[batch] ?? Number.NaN) };
  });
  return candidates.reduce((best, other) => (median(other.speeds) > median(best.speeds) ? other : best));
}

/** How many times the median of other speeds a median is. */
export function ratioText(speeds: readonly number[], others: readonly number[]): string {
  return `${(median(speeds) / median(others)).toFixed(2)}×`;
}

/** The range of repeated measurements. */
export function spread(values: readonly number[]): string {
  return `${format(Math.min(...values))} to ${format(Math.max(...values))}`;
}

/** A whole number. */
export function format(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
