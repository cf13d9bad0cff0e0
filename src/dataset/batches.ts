/** Cuts an epoch's order of images into batches, and gathers a batch's pixels and labels. */
import type { Dataset } from './source.ts';

/**
 * Normalisation of pixels in [0, 1], as torchvision's `Normalize(0.5, 0.5)`: the mean is subtracted, then the result is
 * divided by the standard deviation.
 */
export const NORMALISATION = { mean: 0.5, std: 0.5 } as const;

/**
 * Normalised value of each byte [256], in [−1, 1]. Each step is rounded to single precision as in torchvision, so that
 * the values are equal to the last bit.
 */
export const NORMALISED: Float32Array = Float32Array.from({ length: 256 }, (_, byte) => {
  const scaled = Math.fround(byte / 255);
  return Math.fround(scaled - NORMALISATION.mean) / NORMALISATION.std;
});

/**
 * Cuts an order of images into batches. The last, partial batch is kept, but a single image at the end joins the batch
 * before it: batch norm over one value has no variance (PyTorch refuses it; on the CPU TensorFlow takes it as 0, and the
 * running variance only decays). With `batchSize` 1 every image is a batch of its own.
 *
 * @param order indices of images [count]
 * @returns views on `order`
 */
export function batchesOf(order: Int32Array, batchSize: number): Int32Array[] {
  const endsWithSingleImage = batchSize > 1 && order.length > batchSize && order.length % batchSize === 1;
  const count = Math.ceil(order.length / batchSize) - (endsWithSingleImage ? 1 : 0);
  return Array.from({ length: count }, (_, batchIndex) => {
    const begin = batchIndex * batchSize;
    return order.subarray(begin, batchIndex === count - 1 ? order.length : begin + batchSize);
  });
}

/**
 * Gathers the normalised pixels of a batch.
 *
 * @returns [batch, height, width, 1], in [−1, 1]
 */
export function gatherPixels(dataset: Dataset, indices: Int32Array): Float32Array {
  const size = dataset.height * dataset.width;
  const pixels = new Float32Array(indices.length * size); // [batch, height, width, 1]
  let next = 0;
  for (const index of indices) {
    for (let at = index * size; at < (index + 1) * size; at++) pixels[next++] = NORMALISED[dataset.pixels[at]!]!;
  }
  return pixels;
}

/**
 * Gathers the labels of a batch.
 *
 * @returns [batch]
 */
export function gatherLabels(dataset: Dataset, indices: Int32Array): Int32Array {
  return indices.map((index) => dataset.labels[index]!);
}
