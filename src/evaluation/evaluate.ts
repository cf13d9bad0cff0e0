/** Evaluates a model on many images, batch by batch. */
import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../dataset/dataset.ts';
import type { Engine } from '../engine/engine.ts';
import { type Metrics, meanOf } from './metrics.ts';
import { type EvaluatedPrediction, predictionsOf } from './predictions.ts';

/**
 * Number of pixels in an evaluation batch: 500 images of MNIST. Larger batches were no faster on 2 cores, and need
 * memory.
 */
const EVALUATION_BATCH_PIXELS = 500 * 28 * 28;

/** Number of images in an evaluation batch, at least 1. */
export function evaluationBatchSize({ height, width }: Pick<Dataset, 'height' | 'width'>): number {
  return Math.max(1, Math.floor(EVALUATION_BATCH_PIXELS / (height * width)));
}

/** Progress and cancellation of an evaluation. */
export interface EvaluationWatch {
  /** Stops the evaluation between two batches, which then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after each batch with the number of images evaluated. */
  readonly onProgress?: (done: number) => void;
}

/** What evaluating images gives. */
interface Evaluated {
  readonly metrics: Metrics;
  /** [count, classes], row by row */
  readonly logits: Float32Array;
}

/**
 * Loss and accuracy over images, which the device sums up batch by batch, and their logits.
 *
 * @param indices images of the data set, at least one
 */
export async function evaluate(
  engine: Pick<Engine, 'evaluate' | 'expect'>,
  dataset: Dataset,
  indices: Int32Array,
  watch: EvaluationWatch = {},
): Promise<Evaluated> {
  const sums = { count: 0, lossSum: 0, correct: 0 };
  const batches: Float32Array[] = [];
  await inBatches(engine, dataset, indices, watch, async (batch) => {
    const { count, lossSum, correct, logits } = await engine.evaluate(batch);
    batches.push(logits);
    sums.count += count;
    sums.lossSum += lossSum;
    sums.correct += correct;
  });
  return { metrics: meanOf(sums), logits: joined(batches) };
}

/**
 * Predictions for images, in the order of `indices`.
 *
 * @param temperature see `predictionsOf`; default: 1
 */
export async function classify(
  engine: Pick<Engine, 'logits' | 'expect'>,
  dataset: Dataset,
  indices: Int32Array,
  watch: EvaluationWatch = {},
  temperature = 1,
): Promise<EvaluatedPrediction[]> {
  const predictions: EvaluatedPrediction[] = [];
  await inBatches(engine, dataset, indices, watch, async (batch) => {
    for (const each of predictionsOf(dataset, batch, await engine.logits(batch), temperature)) predictions.push(each);
  });
  return predictions;
}

/** Logits of images, [count, classes], row by row, in the order of `indices`. */
export async function logitsOf(
  engine: Pick<Engine, 'logits' | 'expect'>,
  dataset: Dataset,
  indices: Int32Array,
  watch: EvaluationWatch = {},
): Promise<Float32Array> {
  const batches: Float32Array[] = [];
  await inBatches(engine, dataset, indices, watch, async (batch) => {
    batches.push(await engine.logits(batch));
  });
  return joined(batches);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

async function inBatches(
  engine: Pick<Engine, 'expect'>,
  dataset: Dataset,
  indices: Int32Array,
  { signal, onProgress }: EvaluationWatch,
  work: (indices: Int32Array) => Promise<void>,
): Promise<void> {
  const batchSize = evaluationBatchSize(dataset);
  const batchAt = (begin: number) => indices.subarray(begin, begin + batchSize);
  for (let begin = 0; begin < indices.length; begin += batchSize) {
    const next = begin + batchSize;
    if (next < indices.length) engine.expect(batchAt(next));
    await work(batchAt(begin));
    onProgress?.(Math.min(begin + batchSize, indices.length));
    await setImmediate(); // a loop that awaits only microtasks never sees a signal
    signal?.throwIfAborted();
  }
}
