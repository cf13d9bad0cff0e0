/** The part of `resnet export` that writes a network: finds the images that it is tried on, and shows how far it is. */
import { dirname } from 'node:path';
import { pieceOf } from '../../dataset/pixels.ts';
import { UserError } from '../../errors.ts';
import { prepareEvaluation } from '../../evaluation/evaluate-checkpoint.ts';
import { type ExportedNetwork, exportNetwork, type NetworkExport } from '../../export/export-network.ts';
import { inputShape } from '../../export/input-shape.ts';
import { PROOF_IMAGES, type ProofImages, randomImages } from '../../export/proof/images.ts';
import { sizeOf } from '../../net/parameters.ts';
import { printable } from '../../printable.ts';
import { dataDirOf, readRunConfig } from '../../run/config.ts';
import type { LiveLine } from '../live-line.ts';
import { loadHooks } from '../load-hooks.ts';
import { openWithNotice } from '../open-runtime.ts';
import { interruptible } from '../signals.ts';

/** The flags that only a network has. */
export interface NetworkFlags {
  readonly raw?: boolean;
  readonly 'keep-batch-norm'?: boolean;
  readonly probabilities?: boolean;
  readonly 'image-size'?: string;
  readonly normalize?: readonly number[];
}

/** What is exported, and where to. */
type Request = Pick<NetworkExport, 'checkpoint' | 'file' | 'format' | 'path' | 'half'>;

/** Writes the network, and shows the steps on the live line. A signal ends it, and leaves nothing behind. */
export function writeNetwork(request: Request, flags: NetworkFlags, live: LiveLine): Promise<ExportedNetwork> {
  const { checkpoint, file, path } = request;
  const shape = inputShape(file, checkpoint, flags['image-size']);
  return interruptible(
    () => `${path} is not written`,
    async (signal) => {
      const images = await imagesFor(request, shape, live, signal);
      signal.throwIfAborted();
      live.update('computing the answers');
      const runtime = await openWithNotice({ device: 'cpu' }, live); // a GPU rounds more coarsely than the bound
      const options = {
        raw: flags.raw,
        keepBatchNorm: flags['keep-batch-norm'],
        probabilities: flags.probabilities,
        normalize: flags.normalize,
        notice: (message: string) => live.note(`${printable(message)}\n`),
        onProving: () => live.update('proving the export'),
      };
      return exportNetwork({ ...request, ...options, images, signal }, runtime);
    },
  );
}

/** Images of the run's validation part; random ones where its data are not at hand. */
async function imagesFor(
  { checkpoint, file }: Request,
  shape: ProofImages['shape'],
  live: LiveLine,
  signal: AbortSignal,
): Promise<ProofImages> {
  if (file.metadata === undefined) return randomImages(shape, 'of random numbers (the checkpoint names no data)');
  const runDataDir = dataDirOf((await readRunConfig(dirname(checkpoint), () => {})) ?? {});
  const request = { checkpoint, file, runDataDir, split: 'val', limit: PROOF_IMAGES } as const;
  try {
    const { dataset, indices } = await prepareEvaluation(request, loadHooks(live, signal));
    const { pixels, rows } = await pieceOf(dataset, indices);
    const size = sizeOf(shape);
    const chosen = new Uint8Array(rows.length * size);
    for (const [at, row] of rows.entries()) chosen.set(pixels.subarray(row * size, (row + 1) * size), at * size);
    return { count: rows.length, shape, pixels: chosen, source: 'of its validation part' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return randomImages(shape, 'of random numbers (its data are not at hand)');
  }
}
