/** Cuts an epoch's order of images into batches, and gathers a batch's pixels and labels. */

import type { Dataset } from './dataset.ts';
import { normalisedBytes, USUAL_NORMALISATION } from './normalisation.ts';
import type { Piece } from './pixels.ts';

/** See `normalisedBytes`. */
const USUAL_BYTES = normalisedBytes(USUAL_NORMALISATION);

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
 * @param piece the batch's images; see `pieceOf`
 * @param size bytes of an image
 * @param values normalised value of each byte, from `normalisedBytes`; default: those of `USUAL_NORMALISATION`
 * @returns [batch, height, width, channels]
 */
export function gatherPixels({ pixels, rows }: Piece, size: number, values = USUAL_BYTES): Float32Array {
  const gathered = new Float32Array(rows.length * size); // [batch, height, width, channels]
  let next = 0;
  for (const row of rows) {
    for (let at = row * size; at < (row + 1) * size; at++, next++) {
      gathered[next] = values[next % values.length]![pixels[at]!]!; // the channel is the last dimension
    }
  }
  return gathered;
}

/**
 * Gathers the labels of a batch.
 *
 * @returns [batch]
 */
export function gatherLabels(dataset: Dataset, indices: Int32Array): Int32Array {
  return indices.map((index) => dataset.labels[index]!);
}
