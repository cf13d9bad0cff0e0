/** A model over many images, a batch at a time. */
import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../dataset/source.ts';
import type { Engine } from '../engine/engine.ts';
import { type Metrics, meanOf } from './metrics.ts';
import { type Prediction, predictionsOf, type RankedClass, rowsOf, topK } from './predictions.ts';

/** Pixels a forward pass, 500 images of MNIST: more gain nothing (measured on 2 cores), and take memory. */
const EVALUATION_PIXELS = 500 * 28 * 28;

/** How many images are evaluated at a time: fewer of larger ones. */
export function evaluationBatchSize({ height, width }: Dataset): number {
  return Math.max(1, Math.floor(EVALUATION_PIXELS / (height * width)));
}

export interface EvaluationWatch {
  /** Stops between two batches by throwing its reason. */
  readonly signal?: AbortSignal;
  /** Is told the images done. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Loss and accuracy, summed up on the device.
 *
 * @param indices which images of the data set
 */
export async function evaluate(
  engine: Pick<Engine, 'evaluate'>,
  dataset: Dataset,
  indices: Int32Array,
  watch: EvaluationWatch = {},
): Promise<Metrics> {
  const sums = { count: 0, lossSum: 0, correct: 0 };
  await inBatches(dataset, indices, watch, async (batch) => {
    const { count, lossSum, correct } = await engine.evaluate(batch);
    sums.count += count;
    sums.lossSum += lossSum;
    sums.correct += correct;
  });
  return meanOf(sums);
}

/** What the model says of each image, in the order of `indices`; see `evaluate`. */
export async function classify(
  engine: Pick<Engine, 'logits'>,
  dataset: Dataset,
  indices: Int32Array,
  watch: EvaluationWatch = {},
): Promise<Prediction[]> {
  const predictions: Prediction[] = [];
  await inBatches(dataset, indices, watch, async (batch) => {
    for (const each of predictionsOf(dataset, batch, await engine.logits(batch))) predictions.push(each);
  });
  return predictions;
}

/** The likeliest classes of each image, at most `k`, in the order of `indices`; see `evaluate`. */
export async function classifyTopK(
  engine: Pick<Engine, 'logits'>,
  dataset: Dataset,
  indices: Int32Array,
  k: number,
  watch: EvaluationWatch = {},
): Promise<RankedClass[][]> {
  const ranked: RankedClass[][] = [];
  await inBatches(dataset, indices, watch, async (batch) => {
    for (const logits of rowsOf(await engine.logits(batch), batch.length)) ranked.push(topK(logits, k));
  });
  return ranked;
}

async function inBatches(
  dataset: Dataset,
  indices: Int32Array,
  { signal, onProgress }: EvaluationWatch,
  work: (indices: Int32Array) => Promise<void>,
): Promise<void> {
  const batchSize = evaluationBatchSize(dataset);
  for (let begin = 0; begin < indices.length; begin += batchSize) {
    await work(indices.subarray(begin, begin + batchSize));
    onProgress?.(Math.min(begin + batchSize, indices.length));
    await setImmediate(); // a loop that awaits only microtasks never sees a signal
    signal?.throwIfAborted();
  }
}
