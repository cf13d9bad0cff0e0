/** The part of an export that writes a network: finds the images that it is tried on, and tells how far it is. */
import { pieceOf } from '../../dataset/pixels.ts';
import { UserError } from '../../errors.ts';
import { prepareEvaluation } from '../../evaluation/evaluate-checkpoint.ts';
import { type ExportedNetwork, exportNetwork, type NetworkExport } from '../../export/export-network.ts';
import { inputShape } from '../../export/input-shape.ts';
import { PROOF_IMAGES, type ProofImages, randomImages } from '../../export/proof/images.ts';
import { sizeOf } from '../../net/parameters.ts';
import { runDataDirOf } from '../named-model.ts';
import type { Hooks } from '../watch.ts';

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

/** Hooks of an export. */
export type ExportHooks = Hooks & {
  /** Called with what is done next, in words. */
  readonly onStage?: (stage: string) => void;
};

/** Writes the network. A signal ends it, and leaves nothing behind. */
export async function writeNetwork(
  request: Request,
  flags: NetworkFlags,
  { open, onStage, ...hooks }: ExportHooks,
): Promise<ExportedNetwork> {
  const { checkpoint, file } = request;
  const { notice, signal } = hooks;
  const images = await imagesFor(request, inputShape(file, checkpoint, flags['image-size']), hooks);
  signal.throwIfAborted();
  onStage?.('computing the answers');
  const runtime = await open({ device: 'cpu' }); // a GPU rounds more coarsely than the bound
  const options = {
    raw: flags.raw,
    keepBatchNorm: flags['keep-batch-norm'],
    probabilities: flags.probabilities,
    normalize: flags.normalize,
    notice,
    onProving: () => onStage?.('proving the export'),
  };
  return exportNetwork({ ...request, ...options, images, signal }, runtime);
}

/** Images of the run's validation part; random ones where its data are not at hand. */
async function imagesFor(
  { checkpoint, file }: Request,
  shape: ProofImages['shape'],
  hooks: Omit<Hooks, 'open'>,
): Promise<ProofImages> {
  if (file.metadata === undefined) return randomImages(shape, 'of random numbers (the checkpoint names no data)');
  const runDataDir = await runDataDirOf(checkpoint);
  const request = { checkpoint, file, runDataDir, split: 'val', limit: PROOF_IMAGES } as const;
  try {
    const { dataset, indices } = await prepareEvaluation(request, hooks);
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
