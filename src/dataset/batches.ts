import type { Dataset } from './source.ts';

/** What `Normalize(0.5, 0.5)` subtracts from a pixel in [0, 1], and then divides by. */
export const NORMALISATION = { mean: 0.5, std: 0.5 } as const;

/** Each byte's value in [−1, 1], rounded to single precision after each step as torchvision does, so that bits agree. */
export const NORMALISED: Float32Array = Float32Array.from({ length: 256 }, (_, byte) => {
  const scaled = Math.fround(byte / 255);
  return Math.fround(scaled - NORMALISATION.mean) / NORMALISATION.std;
});

/**
 * Cuts an order of images into batches. The last, partial batch is kept, but if it is a single image it joins the batch
 * before it: batch norm over one value has no variance (PyTorch refuses it; TensorFlow's Bessel correction divides by
 * n − 1 = 0 and ruins the running variance). With `batchSize` 1 every image is a batch of its own.
 * @param order indices of images
 * @returns views on `order`
 */
export function batchesOf(order: Int32Array, batchSize: number): Int32Array[] {
  const lonely = batchSize > 1 && order.length > batchSize && order.length % batchSize === 1;
  const count = Math.ceil(order.length / batchSize) - (lonely ? 1 : 0);
  return Array.from({ length: count }, (_, batchIndex) => {
    const begin = batchIndex * batchSize;
    return order.subarray(begin, batchIndex === count - 1 ? order.length : begin + batchSize);
  });
}

/** @returns the images as [batch, height, width, 1], in [−1, 1] */
export function gatherPixels(dataset: Dataset, indices: Int32Array): Float32Array {
  const size = dataset.height * dataset.width;
  const pixels = new Float32Array(indices.length * size);
  let next = 0;
  for (const index of indices) {
    for (let at = index * size; at < (index + 1) * size; at++) pixels[next++] = NORMALISED[dataset.images[at]!]!;
  }
  return pixels;
}

/** @returns the classes as [batch] */
export function gatherLabels(dataset: Dataset, indices: Int32Array): Int32Array {
  return indices.map((index) => dataset.labels[index]!);
}
