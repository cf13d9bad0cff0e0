/**
 * Measures how fast this machine trains and evaluates: as one graph, op by op, or by a layers model of TensorFlow.js.
 * This is the library of `resnet bench`; the repository's `bench/` compares with peers.
 */
import { setImmediate } from 'node:timers/promises';
import type { Dataset, DatasetInMemory } from '../dataset/dataset.ts';
import { CompiledEngine } from '../engine/compiled-engine.ts';
import { EagerEngine } from '../engine/eager-engine.ts';
import type { Engine, EngineSource } from '../engine/engine.ts';
import type { Sequential } from '../net/layers.ts';
import { initialValues, parametersOf } from '../net/parameters.ts';
import type { BodyPart } from '../net/parts.ts';
import { resNet } from '../net/resnet.ts';
import { traceShapes } from '../net/trace.ts';
import { RandomGenerator } from '../random.ts';
import { countNativeCalls } from '../runtime/native-calls.ts';
import type { Runtime } from '../runtime/open.ts';
import type { Contender } from './contender.ts';
import { LayersContender } from './layers-contender.ts';
import { type Spread, spreadOf } from './spread.ts';

/** Ways to train: as one graph, op by op, or with a layers model of TensorFlow.js. */
export const BENCH_MODES = ['compiled', 'op-by-op', 'layers'] as const;
/** A way to train. */
export type BenchMode = (typeof BENCH_MODES)[number];

/** The way to train that is measured, and the number and size of its steps. */
export interface BenchOptions {
  readonly mode: BenchMode;
  /** Number of timed training steps, after `WARM_UP_STEPS`. */
  readonly steps: number;
  /** Images in a training step. */
  readonly batchSize: number;
  /** Parts that are not trained, not in mode `layers`; default: none. */
  readonly frozen?: readonly BodyPart[] | undefined;
}

/** Speed and memory of one way to train. */
export interface BenchResult {
  readonly mode: BenchMode;
  /** Parts that are not trained; absent if there are none. */
  readonly frozen?: readonly BodyPart[];
  /** Mean loss of the first step (nats), from the same weights and images in every mode; undefined in mode `layers`. */
  readonly firstLoss: number | undefined;
  readonly trainImagesPerSecond: number;
  readonly millisecondsPerStep: Spread;
  /** Number of calls into TensorFlow in a training step. */
  readonly nativeCallsPerStep: number;
  /** Speed of evaluation in images per second, by batch size. */
  readonly evalByBatchSize: Readonly<Record<number, number>>;
  /** The highest of `evalByBatchSize`. */
  readonly evalImagesPerSecond: number;
  /** Time from the start of the process to the end of the first training step. */
  readonly startToFirstStepSeconds: number;
  /** Largest resident size of the process up to the end of training. */
  readonly trainPeakMemoryBytes: number;
  /** Largest resident size of the process up to the end of evaluation. */
  readonly peakMemoryBytes: number;
}

/** Steps before the clock starts: TensorFlow prepares its kernels in the first ones. */
export const WARM_UP_STEPS = 5;
/** Numbers of images in the evaluation batches that are timed. */
export const EVALUATION_BATCH_SIZES = [128, 500, 1000];
/** Timed evaluation batches of each size, at least: there are more if training takes more images than these. */
const MIN_EVALUATION_REPEATS = 3;
/** Learning rate of the measured steps; the speed does not depend on it. */
export const BENCH_LEARNING_RATE = 1e-3;

/** The network that is measured: ResNet-18. */
export function benchNetwork({ classes }: Pick<Dataset, 'classes'>): Sequential {
  return resNet({ depth: 18, classes });
}

/** ResNet-18 with the initial weights of `resnet train --seed 0`. */
export function benchSource(dataset: DatasetInMemory): EngineSource & { readonly dataset: DatasetInMemory } {
  const { channels, height, width } = dataset;
  const network = benchNetwork(dataset);
  const parameters = parametersOf(traceShapes(network, [channels, height, width]));
  const values = initialValues(parameters, RandomGenerator.seeded(0, 'initialisation'));
  return { network, parameters, state: { values, batchesTracked: 0 }, dataset };
}

/**
 * Measures one way to train, in this process. The process should have done nothing before: its peak memory is measured.
 *
 * @param signal stops the measurement between two steps, which then throws the signal's reason
 */
export async function measure(
  runtime: Runtime,
  dataset: DatasetInMemory,
  options: BenchOptions,
  signal: AbortSignal,
): Promise<BenchResult> {
  const source = { ...benchSource(dataset), frozen: options.frozen ?? [] };
  if (options.mode === 'layers') {
    return measureContender(runtime, new LayersContender(runtime.tf, source), dataset, options, signal);
  }
  return measureContender(runtime, contenderOf(engineOf(options.mode, runtime, source)), dataset, options, signal);
}

/** The engine of a mode. */
export function engineOf(mode: Exclude<BenchMode, 'layers'>, runtime: Runtime, source: EngineSource): Engine {
  return mode === 'compiled' ? new CompiledEngine(runtime, source) : new EagerEngine(runtime, source);
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
  dataset: DatasetInMemory,
  { mode, steps, batchSize, frozen }: BenchOptions,
  signal: AbortSignal,
): Promise<BenchResult> {
  const batches = new RandomBatches(dataset);
  /** Time of `work` on one batch, in milliseconds. */
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
    const startToFirstStepSeconds = performance.now() / 1000; // `performance` counts from the start of the process
    const firstLoss = await contender.loss();
    await repeat(WARM_UP_STEPS - 1, batchSize, train);
    const millisecondsPerStep = spreadOf(await repeat(steps, batchSize, train));
    const trainPeakMemoryBytes = peakMemoryBytes();
    let nativeCallsPerStep = 0;
    await time(batchSize, async (batch) => {
      nativeCallsPerStep = await countNativeCalls(runtime.tf, () => train(batch));
    });
    const evalByBatchSize: Record<number, number> = {};
    for (const size of EVALUATION_BATCH_SIZES.filter((each) => each <= dataset.count)) {
      await time(size, evaluate); // to warm up
      const count = Math.max(MIN_EVALUATION_REPEATS, Math.ceil((steps * batchSize) / size));
      evalByBatchSize[size] = (1000 * size) / spreadOf(await repeat(count, size, evaluate)).median;
    }
    return {
      mode,
      ...(frozen ? { frozen } : {}),
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

/** Batches of images in random order, the same in every run; after the last image it starts again. */
export class RandomBatches {
  readonly #order: Int32Array;
  #next = 0;

  constructor({ count }: Dataset) {
    this.#order = Int32Array.from({ length: count }, (_, index) => index);
    RandomGenerator.seeded(0, 'shuffle').shuffle(this.#order);
  }

  /** @param size number of images in the batch, at most `dataset.count` */
  next(size: number): Int32Array {
    if (this.#next + size > this.#order.length) this.#next = 0;
    this.#next += size;
    return this.#order.slice(this.#next - size, this.#next);
  }
}

/** Largest resident size of this process so far. */
export function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
