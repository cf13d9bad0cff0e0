/**
 * Measures two workers at the rate of a network, and reckons by a model what many workers would do.
 *
 * Usage: npm run bench:network -- [--rounds 3] [--steps 20]
 *
 * Both workers run on this machine, with a thread each; a TCP proxy between them has a rate of 1 Gbit/s, and takes time
 * of the same processors. In each round, a batch of 128 and one of 1,024 images are trained by two processes that exchange
 * nothing (each a half of the batch), by two workers over loopback, and by two over the proxy. Progress goes to standard error; the machine, what was
 * measured, the model and what it reckons go to standard output, as Markdown.
 */
import { median } from '../../src/bench/spread.ts';
import { readRuntimeStatus } from '../../src/runtime/installed/locations.ts';
import { machine } from '../machine.ts';
import { say, turnOptions } from '../turns.ts';
import { fitModel, type MeasuredStep } from './model.ts';
import { measuredTable, modelLines, reckonedTable } from './network-report.ts';
import { type TwoWorkers, twoApart, twoWorkers } from './two-workers.ts';

/** Images of both workers in a step. */
const BATCHES = [128, 1024];
/** The network between the workers: the proxy adds no delay of its own. */
const LIMITED = { bitsPerSecond: 1e9, roundTripMs: 0 };
/** The batch by which bytes are counted, in runs of two lengths: what a start sends falls out of the difference. */
const COUNTED_BATCH = 128;

const { rounds, steps } = turnOptions({ rounds: '3', steps: '20' });
const alone = new Map(BATCHES.map((batch) => [batch, [] as number[]]));
const loopback = new Map(BATCHES.map((batch) => [batch, [] as TwoWorkers[]]));
const limited = new Map(BATCHES.map((batch) => [batch, [] as TwoWorkers[]]));
for (let round = 1; round <= rounds; round++) {
  for (const batch of BATCHES) {
    const ms = await twoApart(wordsOf(batch / 2, steps));
    say(`round ${round}, batch ${batch}: two processes, no exchange: ${ms.toFixed(1)} ms a step`);
    alone.get(batch)?.push(ms);
    for (const [name, runs, limits] of [
      ['loopback', loopback, undefined],
      ['1 Gbit/s', limited, LIMITED],
    ] as const) {
      const run = await twoWorkers(wordsOf(batch, steps), limits);
      say(
        `round ${round}, batch ${batch}: two workers, ${name}: ${run.millisecondsPerStep.median.toFixed(1)} ms a step`,
      );
      runs.get(batch)?.push(run);
    }
  }
}
const longer = await twoWorkers(wordsOf(COUNTED_BATCH, 2 * steps), LIMITED);
const bytes = (longer.sent - (limited.get(COUNTED_BATCH)?.at(-1)?.sent ?? Number.NaN)) / steps;

const stepOf = (runs: readonly TwoWorkers[] = []) => median(runs.map((run) => run.millisecondsPerStep.median));
const measured = BATCHES.map((batch): MeasuredStep & { readonly waiting: number } => ({
  batch,
  alone: median(alone.get(batch) ?? []),
  loopback: stepOf(loopback.get(batch)),
  limited: stepOf(limited.get(batch)),
  waiting: median((limited.get(batch) ?? []).map((run) => run.waitingFraction)),
}));
const model = fitModel(measured, bytes, LIMITED);
const tensorflow = `TensorFlow ${readRuntimeStatus()?.tensorflow ?? 'none'}`;
const what = `medians of ${rounds} rounds of ${steps} steps, two workers of one thread, 28×28`;
process.stdout.write(`${machine(tensorflow)}; ${what}\n\n`);
process.stdout.write(`${measuredTable(measured, bytes)}\n`);
process.stdout.write(`${modelLines(model, measured, LIMITED)}\n`);
process.stdout.write(reckonedTable(model));

/** Words of a measurement. */
function wordsOf(batch: number, timed: number): string[] {
  return ['--steps', String(timed), '--batch-size', String(batch)];
}
