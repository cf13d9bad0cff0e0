/** Measures how fast several workers train together, as one of them. */
import { setImmediate } from 'node:timers/promises';
import type { DatasetInMemory } from '../dataset/dataset.ts';
import { CompiledEngine } from '../engine/compiled-engine.ts';
import type { Agreement, Peers } from '../engine/peers/peers.ts';
import type { Runtime } from '../runtime/open.ts';
import { type Exchange, exchangeOf } from './exchange.ts';
import {
  BENCH_LEARNING_RATE,
  type BenchOptions,
  type BenchResult,
  benchSource,
  peakMemoryBytes,
  RandomBatches,
  WARM_UP_STEPS,
} from './measure.ts';
import { median, spreadOf } from './spread.ts';

/** Figures of one process that a worker has too; the speed is that of all workers. */
type SharedFigure =
  | 'firstLoss'
  | 'trainImagesPerSecond'
  | 'millisecondsPerStep'
  | 'startToFirstStepSeconds'
  | 'trainPeakMemoryBytes';

/** Speed of several workers, what their exchange costs, and this worker's memory. */
export interface JoinedResult
  extends Pick<BenchResult, SharedFigure>,
    Exchange,
    Pick<Peers, 'syncBatchNorm' | 'reduce'> {
  /** Number of workers. */
  readonly workers: number;
  /** Images of all workers in a step. */
  readonly batchSize: number;
}

/** Steps that are traced after the timed ones: tracing slows a step down. */
const TRACED_STEPS = 5;

/**
 * Measures training with peers, which have to measure the same at the same time.
 *
 * @param options `batchSize`: images of all workers in a step
 * @param stopWith the signal that stops the measurement on all workers after the same step; it then throws its reason
 */
export async function measureJoined(
  runtime: Runtime,
  dataset: DatasetInMemory,
  peers: Peers,
  { steps, batchSize }: Pick<BenchOptions, 'steps' | 'batchSize'>,
  stopWith: (agreement: Agreement) => AbortSignal,
): Promise<JoinedResult> {
  const engine = new CompiledEngine(runtime, { ...benchSource(dataset), peers });
  const { agreement } = engine;
  if (agreement === undefined) throw new Error('an engine with peers agrees with them');
  const signal = stopWith(agreement);
  const batches = new RandomBatches(dataset);
  const repeat = async <Result>(count: number, take: (batch: Int32Array) => Promise<Result>): Promise<Result[]> => {
    const results: Result[] = [];
    for (let index = 0; index < count; index++) {
      results.push(await take(batches.next(batchSize)));
      await setImmediate(); // a loop that awaits only microtasks never sees a signal
      signal.throwIfAborted();
    }
    return results;
  };
  const timedStep = async (batch: Int32Array): Promise<number> => {
    const began = performance.now();
    await engine.train(batch, BENCH_LEARNING_RATE);
    return performance.now() - began;
  };
  try {
    await repeat(1, timedStep);
    const startToFirstStepSeconds = performance.now() / 1000; // `performance` counts from the start of the process
    const { loss: firstLoss } = await engine.report();
    await repeat(WARM_UP_STEPS - 1, timedStep);
    const millisecondsPerStep = spreadOf(await repeat(steps, timedStep));
    const trainPeakMemoryBytes = peakMemoryBytes();
    const traces = await repeat(TRACED_STEPS, (batch) => engine.traceTraining(batch, BENCH_LEARNING_RATE));
    const exchanges = traces.map((trace) => exchangeOf(trace, peers.count));
    return {
      workers: peers.count,
      batchSize,
      syncBatchNorm: peers.syncBatchNorm,
      reduce: peers.reduce,
      firstLoss,
      trainImagesPerSecond: (1000 * batchSize) / millisecondsPerStep.median,
      millisecondsPerStep,
      waitingFraction: median(exchanges.map(({ waitingFraction }) => waitingFraction)),
      bytesSentPerStep: exchanges[0]?.bytesSentPerStep ?? 0,
      startToFirstStepSeconds,
      trainPeakMemoryBytes,
    };
  } finally {
    engine.dispose();
  }
}
