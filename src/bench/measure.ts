/** How fast this machine trains and evaluates: as one graph, op by op, or by a layers model of TensorFlow.js. */

import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../dataset/source.ts';
import { CompiledEngine } from '../engine/compiled-engine.ts';
import { EagerEngine } from '../engine/eager-engine.ts';
import type { Engine, EngineSource } from '../engine/engine.ts';
import { initialValues, parametersOf } from '../net/parameters.ts';
import { resNet } from '../net/resnet.ts';
import { traceShapes } from '../net/trace.ts';
import { RandomGenerator } from '../random.ts';
import { countNativeCalls } from '../runtime/native-calls.ts';
import type { Runtime } from '../runtime/open.ts';
import type { Contender } from './contender.ts';
import { LayersContender } from './layers-contender.ts';
import { type Spread, spreadOf } from './spread.ts';

export const BENCH_MODES = ['compiled', 'op-by-op', 'layers'] as const;
export type BenchMode = (typeof BENCH_MODES)[number];

export interface BenchOptions {
  readonly mode: BenchMode;
  /** Timed training steps, after those to warm up. */
  readonly steps: number;
  /** Images a training step. */
  readonly batchSize: number;
}

export interface BenchResult {
  readonly mode: BenchMode;
  /** Of the first step, from the same weights and images in every mode but `layers`, where it is absent. */
  readonly firstLoss: number | undefined;
  readonly trainImagesPerSecond: number;
  readonly millisecondsPerStep: Spread;
  /** Calls into TensorFlow that a training step makes. */
  readonly nativeCallsPerStep: number;
  /** Images a second of evaluation, by batch size, and the best of them. */
  readonly evalByBatchSize: Readonly<Record<number, number>>;
  readonly evalImagesPerSecond: number;
  /** From the start of the process to the end of the first training step. */
  readonly startToFirstStepSeconds: number;
  /** Largest resident size of the process: until training ended, and until all ended. */
  readonly trainPeakMemoryBytes: number;
  readonly peakMemoryBytes: number;
}

/** Steps before the clock starts: the first ones make TensorFlow's kernels ready. */
export const WARM_UP_STEPS = 5;
const EVALUATION_BATCHES = [128, 500, 1000];
/** Timed batches of evaluation of each size; more where that many images are not as many as are trained on. */
const EVALUATION_REPEATS = 3;
export const BENCH_LEARNING_RATE = 1e-3;

/** A network, its first weights and images, as `train` begins with. */
export function benchSource(dataset: Dataset): EngineSource {
  const { channels, height, width, classes } = dataset;
  const network = resNet({ depth: 18, classes });
  const parameters = parametersOf(traceShapes(network, [channels, height, width]));
  const values = initialValues(parameters, RandomGenerator.seeded(0, 'initialisation'));
  return { network, parameters, state: { values, batchesTracked: 0 }, dataset };
}

/**
 * Measure one way to train in this process, which should have done nothing else before: its peak memory counts.
 *
 * @param signal stops between two steps by throwing its reason
 */
export async function measure(
  runtime: Runtime,
  dataset: Dataset,
  options: BenchOptions,
  signal: AbortSignal,
): Promise<BenchResult> {
  const source = benchSource(dataset);
  switch (options.mode) {
    case 'compiled':
      return measureContender(runtime, contenderOf(new CompiledEngine(runtime, source)), dataset, options, signal);
    case 'op-by-op':
      return measureContender(runtime, contenderOf(new EagerEngine(runtime, source)), dataset, options, signal);
    case 'layers':
      return measureContender(runtime, new LayersContender(runtime.tf, source), dataset, options, signal);
  }
}

function contenderOf(engine: Engine): Contender<Int32Array> {
  return {
    batch: (indices) => indices,
    train: (indices) => engine.train(indices, BENCH_LEARNING_RATE),
    evaluate: (indices) => engine.evaluate(indices),
    release: () => {},
    loss: async () => (await engine.report()).loss,
    dispose: () => engine.dispose(),
  };
}

async function measureContender<Batch>(
  runtime: Runtime,
  contender: Contender<Batch>,
  dataset: Dataset,
  { mode, steps, batchSize }: BenchOptions,
  signal: AbortSignal,
): Promise<BenchResult> {
  const batches = new RandomBatches(dataset);
  /** Milliseconds that `work` takes on a batch. */
  const time = async (size: number, work: (batch: Batch) => Promise<unknown>): Promise<number> => {
    const batch = contender.batch(batches.next(size));
    const began = performance.now();
    await work(batch);
    const milliseconds = performance.now() - began;
    contender.release(batch);
    await setImmediate(); // a loop that awaits only microtasks never sees a signal
    signal.throwIfAborted();
    return milliseconds;
  };
  const repeat = async (count: number, size: number, work: (batch: Batch) => Promise<unknown>): Promise<number[]> => {
    const milliseconds: number[] = [];
    for (let index = 0; index < count; index++) milliseconds.push(await time(size, work));
    return milliseconds;
  };
  const train = (batch: Batch) => contender.train(batch);
  const evaluate = (batch: Batch) => contender.evaluate(batch);
  try {
    await time(batchSize, train);
    const startToFirstStepSeconds = performance.now() / 1000; // counted from the start of the process
    const firstLoss = await contender.loss();
    await repeat(WARM_UP_STEPS - 1, batchSize, train);
    const millisecondsPerStep = spreadOf(await repeat(steps, batchSize, train));
    const trainPeakMemoryBytes = peakMemoryBytes();
    let nativeCallsPerStep = 0;
    await time(batchSize, async (batch) => {
      nativeCallsPerStep = await countNativeCalls(runtime.tf, () => train(batch));
    });
    const evalByBatchSize: Record<number, number> = {};
    for (const size of EVALUATION_BATCHES.filter((each) => each <= dataset.count)) {
      await time(size, evaluate); // to warm up
      const count = Math.max(EVALUATION_REPEATS, Math.ceil((steps * batchSize) / size));
      evalByBatchSize[size] = (1000 * size) / spreadOf(await repeat(count, size, evaluate)).median;
    }
    return {
      mode,
      firstLoss,
      trainImagesPerSecond: (1000 * batchSize) / millisecondsPerStep.median,
      millisecondsPerStep,
      nativeCallsPerStep,
      evalByBatchSize,
      evalImagesPerSecond: Math.max(...Object.values(evalByBatchSize)),
      startToFirstStepSeconds,
      trainPeakMemoryBytes,
      peakMemoryBytes: peakMemoryBytes(),
    };
  } finally {
    contender.dispose();
  }
}

/** Batches of images in an order drawn by lot, always the same one; from the start again after the last. */
export class RandomBatches {
  readonly #order: Int32Array;
  #next = 0;

  constructor({ count }: Dataset) {
    this.#order = Int32Array.from({ length: count }, (_, index) => index);
    RandomGenerator.seeded(0, 'shuffle').shuffle(this.#order);
  }

  /** @param size at most as many as there are images */
  next(size: number): Int32Array {
    if (this.#next + size > this.#order.length) this.#next = 0;
    this.#next += size;
    return this.#order.slice(this.#next - size, this.#next);
  }
}

function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
