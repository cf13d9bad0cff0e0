/** Loss and accuracy of a model over many images. */
import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../dataset/source.ts';
import { type Metrics, meanOf } from './metrics.ts';
import type { Steps } from './steps.ts';

/** Pixels a forward pass, 500 images of MNIST: more gain nothing (measured on 2 cores), and take memory. */
const EVALUATION_PIXELS = 500 * 28 * 28;

/** How many images are evaluated at a time: fewer of larger ones. */
export function evaluationBatchSize({ height, width }: Dataset): number {
  return Math.max(1, Math.floor(EVALUATION_PIXELS / (height * width)));
}

/**
 * @param indices which images of the data set
 * @param watch `signal` stops between two batches by throwing its reason; `onProgress` is told the images done
 */
export async function evaluate(
  steps: Pick<Steps, 'evaluate'>,
  dataset: Dataset,
  indices: Int32Array,
  watch: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<Metrics> {
  const sums = { images: 0, lossSum: 0, hits: 0 };
  const batchSize = evaluationBatchSize(dataset);
  for (let begin = 0; begin < indices.length; begin += batchSize) {
    const batch = await steps.evaluate(indices.subarray(begin, begin + batchSize));
    sums.images += batch.images;
    sums.lossSum += batch.lossSum;
    sums.hits += batch.hits;
    watch.onProgress?.(Math.min(begin + batchSize, indices.length));
    await setImmediate(); // a loop that awaits only microtasks never sees a signal
    watch.signal?.throwIfAborted();
  }
  return meanOf(sums);
}
