/** Loss and accuracy of a model over many images. */
import { setImmediate } from 'node:timers/promises';
import { gatherLabels, gatherPixels } from '../dataset/batches.ts';
import type { Dataset } from '../dataset/source.ts';
import { MetricSums, type Metrics } from './metrics.ts';
import type { Batch, ImageShape, Steps } from './steps.ts';

/** Pixels a forward pass, 500 images of MNIST: more gain nothing (measured on 2 cores), and take memory. */
const EVALUATION_PIXELS = 500 * 28 * 28;

/** How many images are evaluated at a time: fewer of larger ones. */
export function evaluationBatchSize({ height, width }: Dataset): number {
  return Math.max(1, Math.floor(EVALUATION_PIXELS / (height * width)));
}

/** Cut images out of a data set, normalised as the network wants them. */
export function batchOf(dataset: Dataset, indices: Int32Array): Batch {
  return { pixels: gatherPixels(dataset, indices), labels: gatherLabels(dataset, indices) };
}

export function imageShape({ height, width, channels }: Dataset): ImageShape {
  return [height, width, channels];
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
  const sums = new MetricSums();
  const batchSize = evaluationBatchSize(dataset);
  for (let begin = 0; begin < indices.length; begin += batchSize) {
    const batch = batchOf(dataset, indices.subarray(begin, begin + batchSize));
    sums.add(await steps.evaluate(batch));
    watch.onProgress?.(Math.min(begin + batchSize, indices.length));
    await setImmediate(); // a loop that awaits only microtasks never sees a signal
    watch.signal?.throwIfAborted();
  }
  return sums.mean();
}
