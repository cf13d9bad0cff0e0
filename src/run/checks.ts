/** Batch sizes that cannot be trained with, refused before any work. */
import { batchesOf } from '../dataset/batches.ts';
import { ExitCode, UserError } from '../errors.ts';
import { leaves, type TracedLayer } from '../net/trace.ts';

/**
 * @param images how many there are to train on
 * @throws UserError (usage) where a batch is larger than the data, or where batch norm would see a single value: it has
 *   no variance (PyTorch refuses it, TensorFlow silently ruins the running variance)
 */
export function checkBatchSize(batchSize: number, images: number, traced: readonly TracedLayer[]): void {
  if (batchSize > images) {
    throw new UserError(`--batch-size must be at most the ${images} training images, got ${batchSize}`, ExitCode.usage);
  }
  const smallest = Math.min(...batchesOf(new Int32Array(images), batchSize).map((batch) => batch.length));
  const single = leaves(traced).find(({ layer, input: [, height = 0, width = 0] }) => {
    return layer.kind === 'batchNorm' && smallest * height * width < 2;
  });
  if (single) {
    throw new UserError(
      `--batch-size ${batchSize} with ${images} training images gives ${single.path} one value a channel, ` +
        'which has no variance: use at least 2',
      ExitCode.usage,
    );
  }
}
