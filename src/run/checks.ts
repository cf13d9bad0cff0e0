/** What is refused before any work: batch sizes that cannot be trained with, and networks that memory cannot hold. */
import { totalmem } from 'node:os';
import { batchesOf } from '../dataset/batches.ts';
import { ExitCode, UserError } from '../errors.ts';
import { countTrainable, type Parameter } from '../net/parameters.ts';
import { leaves, type TracedLayer } from '../net/trace.ts';

/**
 * @param imageCount how many images there are to train on
 * @throws UserError (usage) where a batch is larger than the data, or where batch norm would see a single value: it has
 *   no variance (PyTorch refuses it, TensorFlow silently ruins the running variance)
 */
export function checkBatchSize(batchSize: number, imageCount: number, traced: readonly TracedLayer[]): void {
  if (batchSize > imageCount) {
    throw new UserError(
      `--batch-size must be at most the ${imageCount} training images, got ${batchSize}`,
      ExitCode.usage,
    );
  }
  const smallest = Math.min(...batchesOf(new Int32Array(imageCount), batchSize).map((batch) => batch.length));
  const single = leaves(traced).find(({ layer, input: [, height = 0, width = 0] }) => {
    return layer.kind === 'batchNorm' && smallest * height * width < 2;
  });
  if (single) {
    throw new UserError(
      `--batch-size ${batchSize} with ${imageCount} training images gives ${single.path} one value a channel, ` +
        'which has no variance: use at least 2',
      ExitCode.usage,
    );
  }
}

/** Memory of one trained value: itself, its gradient and Adam's two moments, in single precision. */
const BYTES_PER_VALUE = 16;

/** @throws UserError (usage) where the parameters alone take more than all the memory there is */
export function checkMemory(parameters: readonly Parameter[]): void {
  const count = countTrainable(parameters);
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY); // 0: no limit is known
  if (count * BYTES_PER_VALUE <= memory) return;
  const gibibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 30)} GiB`;
  throw new UserError(
    `training ${Math.round(count / 1e6)} million parameters takes more than ${gibibytes(count * BYTES_PER_VALUE)} of ` +
      `memory, of which there are ${gibibytes(memory)}; give a smaller --width or --depth`,
    ExitCode.usage,
  );
}
