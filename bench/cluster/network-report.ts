/** What bench:network prints: measured steps, the model's numbers, and what it reckons. */
import { percentage } from '../../src/numbers.ts';
import { markdownTable } from '../../src/report/text-table.ts';
import { format } from '../peers/table.ts';
import { batchFor, efficiency, HOP_MS, type MeasuredStep, type Model, type Network, stepMs } from './model.ts';

/** Networks to reckon for; the round trip is that of machines in one room. */
const NETWORKS: readonly Network[] = [1e9, 10e9, 25e9].map((bitsPerSecond) => ({ bitsPerSecond, roundTripMs: 0.1 }));
const WORKERS = [8, 32, 128];
/** Images of each worker in a step. */
const PARTS = [64, 512];
const KEPT = 0.9;

/**
 * The measured steps of two workers, as Markdown.
 *
 * @param steps `waiting`: fraction of a limited step
 * @param bytes that a worker sent in a step
 */
export function measuredTable(steps: readonly (MeasuredStep & { readonly waiting: number })[], bytes: number): string {
  const speed = (batch: number, milliseconds: number) =>
    `${format((1000 * batch) / milliseconds)} (${milliseconds.toFixed(1)} ms)`;
  const rows = steps.map(({ batch, alone, loopback, limited, waiting }) => [
    format(batch),
    speed(batch, alone),
    speed(batch, loopback),
    speed(batch, limited),
    percentage(waiting),
    `${(bytes / 1e6).toFixed(1)} MB`,
  ]);
  const heads = ['batch', 'two, no exchange', 'two, loopback', 'two, 1 Gbit/s', 'of it waiting', 'sent a step'];
  return table(heads, rows);
}

/** The model's numbers, and how far its steps are from those that were measured. */
export function modelLines(model: Model, steps: readonly MeasuredStep[], network: Network): string {
  const { fixed, perImage, copies, hidden, bytes } = model;
  const errors = steps.map(({ batch, limited }) => {
    const reckoned = stepMs(model, batch, 2, network);
    return `batch ${format(batch)}: ${reckoned.toFixed(1)} ms, measured ${limited.toFixed(1)} ms`;
  });
  return [
    'step = alone + copies + max(0, wire − hidden × alone), for n workers:',
    `- alone: ${fixed.toFixed(1)} ms + ${perImage.toFixed(3)} ms × images of a worker`,
    `- copies: ${copies.toFixed(1)} ms × 2(n − 1)/n`,
    `- wire: ${(bytes / 1e6).toFixed(1)} MB × 2(n − 1)/n at the network's rate + (${HOP_MS} ms + round trip) × 2(n − 1)`,
    `- hidden: ${hidden.toFixed(2)}`,
    `- by it two workers at 1 Gbit/s take: ${errors.join('; ')}`,
    '',
  ].join('\n');
}

/** Efficiency of many workers by the model, and the batch that keeps 90 % of it; nothing of it was measured. */
export function reckonedTable(model: Model): string {
  const rows = WORKERS.flatMap((workers) =>
    NETWORKS.map((network) => [
      String(workers),
      `${network.bitsPerSecond / 1e9} Gbit/s`,
      ...PARTS.map((part) => percentage(efficiency(model, part * workers, workers, network))),
      format(batchFor(KEPT, model, workers, network)),
    ]),
  );
  const parts = PARTS.map((part) => `reckoned efficiency, ${part} images a worker`);
  return table(['workers', 'network', ...parts, 'reckoned: global batch that keeps 90 %'], rows);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return markdownTable({ columns: heads.map((head) => ({ head, align: 'left' })), rows });
}
