/**
 * The small training that the tests of `resnet train` look at: one epoch, 16 steps of a narrow network, as one graph.
 */
import type { Metrics, ValidationMetrics } from '../../src/evaluation/metrics.ts';

export const SMALL = ['--limit-train', '512', '--batch-size', '32', '--limit-val', '200', '--epochs', '1'];
export const NARROW = [...SMALL, '--width', '16'];
export const LOGGED = ['train', ...NARROW, '--log-interval', '1', '--json'];

/** The files that a run of one epoch leaves: it replaces no file, so it keeps no previous one. */
export const FILES = ['best.safetensors', 'config.json', 'events.ndjson', 'last.safetensors', 'metrics.csv'];

/** The event of a finished epoch, as it is logged. */
export type LoggedEpoch = Readonly<Record<'learningRate' | 'imagesPerSecond' | 'seconds', number>> & {
  readonly train: Metrics;
  readonly validation: ValidationMetrics;
};

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function lossesOf(events: readonly Record<string, unknown>[]): number[] {
  return events.filter(({ event }) => event === 'step').map(({ loss }) => loss as number);
}
