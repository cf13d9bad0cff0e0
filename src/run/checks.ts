/** Checks before any work: batch sizes, warm-ups and sizes of checkpoints that a run cannot have. */

import { MAX_FILE_BYTES } from '../checkpoint/file-reading.ts';
import { hasReached, type Progress } from '../checkpoint/progress.ts';
import { checkpointBytes } from '../checkpoint/save-checkpoint.ts';
import { batchesOf } from '../dataset/batches.ts';
import { ExitCode, UserError } from '../errors.ts';
import { outlineOf } from '../model/model-tensors.ts';
import type { Parameter } from '../net/parameters.ts';
import { leaves, type TracedLayer } from '../net/trace.ts';
import { checkRoom } from './folder/run-folder.ts';
import { FINE_TUNING } from './recipes.ts';
import type { ChangedSetting } from './run-events.ts';
import { EARLIEST_THAW } from './settings/learning.ts';
import { isSynchronised } from './settings/workers.ts';
import { type RunSettings, SETTINGS } from './settings.ts';

/**
 * Checks that a batch size suits the data and the network.
 *
 * @param imageCount number of training images
 * @throws UserError (usage) if a batch is larger than the data, or if a batch norm would see one value per channel: it
 *   has no variance (PyTorch refuses it, on the CPU TensorFlow silently takes it as 0)
 */
export function checkBatchSize(batchSize: number, imageCount: number, traced: readonly TracedLayer[]): void {
  checkBatchFits(batchSize, imageCount);
  const path = single(traced, smallestBatch(imageCount, batchSize));
  if (path !== undefined) {
    throw new UserError(
      `--batch-size ${batchSize} with ${imageCount} training images gives ${path} one value per channel, ` +
        'which has no variance: use at least 2',
      ExitCode.usage,
    );
  }
}

/**
 * Checks what is known before the data are: that every worker has an image of a whole batch.
 *
 * @throws UserError (usage) naming the smallest batch size of which every worker has one
 */
export function checkBatchShared(batchSize: number, workers: number): void {
  if (batchSize >= workers) return;
  throw unshared('a batch', batchSize, `${workers} workers`, `give --batch-size ${workers} or more, or fewer workers`);
}

/** The error about a batch of which not every worker has an image. */
function unshared(which: string, images: number, least: string, advice: string): UserError {
  return new UserError(`${which} has ${countOf(images, 'image')}, fewer than ${least}: ${advice}`, ExitCode.usage);
}

/**
 * Checks that every worker has a part of every batch, and that a batch norm by the parts alone has values in each.
 *
 * @param imageCount number of training images
 * @param workers number of workers
 * @throws UserError (usage) naming batch sizes that every worker has enough images of
 */
export function checkShares(
  settings: Pick<RunSettings, 'batchSize' | 'syncBatchNorm'>,
  imageCount: number,
  traced: readonly TracedLayer[],
  workers: number,
): void {
  if (workers === 1) return;
  const { batchSize } = settings;
  const needsPairs = !isSynchronised(settings, workers) && single(traced, 1) !== undefined;
  const least = needsPairs ? 2 * workers : workers;
  const smallestOf = (size: number) => smallestBatch(imageCount, size);
  const smallest = smallestOf(batchSize);
  if (smallest >= least) return;
  const which = smallest === batchSize ? 'a batch' : 'the last batch of an epoch';
  const wanted = needsPairs
    ? `the ${least} that give ${single(traced, 1)} two values per channel on each of ${workers} workers`
    : `${workers} workers`;
  const near: number[] = [];
  for (let distance = 1; near.length < 2 && distance < imageCount; distance++) {
    const sizes = [batchSize - distance, batchSize + distance].filter((size) => size >= least && size <= imageCount);
    near.push(...sizes.filter((size) => smallestOf(size) >= least));
  }
  const advice =
    near.length === 0
      ? `${imageCount} training images are too few for them: give fewer workers`
      : `give --batch-size ${inWords(near.toSorted((one, other) => one - other))}`;
  const instead = needsPairs ? ', or --sync-batch-norm' : ', or fewer workers';
  throw unshared(which, smallest, wanted, `${advice}${near.length === 0 ? '' : instead}`);
}

function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** Numbers as a choice: `3, 5 or 7`. */
function inWords(numbers: readonly number[]): string {
  const [last, ...others] = numbers.toReversed();
  return others.length === 0 ? String(last) : `${others.toReversed().join(', ')} or ${last}`;
}

/** Number of images in the smallest batch of an epoch. */
function smallestBatch(imageCount: number, batchSize: number): number {
  return Math.min(...batchesOf(new Int32Array(imageCount), batchSize).map((batch) => batch.length));
}

/** The first batch norm that sees one value per channel of so many images; undefined if there is none. */
function single(traced: readonly TracedLayer[], images: number): string | undefined {
  return leaves(traced).find(({ layer, input: [, height = 0, width = 0] }) => {
    return layer.kind === 'batchNorm' && images * height * width < 2;
  })?.path;
}

/** @throws UserError (usage) if the learning rate would still rise when the run ends */
export function checkWarmup({ warmup = 0, epochs }: Pick<RunSettings, 'warmup' | 'epochs'>): void {
  if (warmup <= epochs) return;
  throw new UserError(
    `--warmup ${warmup} is longer than --epochs ${epochs}: give a shorter --warmup, or more --epochs`,
    ExitCode.usage,
  );
}

/** Settings that say what becomes of the weights of `--init`. */
const ABOUT_INIT = ['initFrom', 'head'] as const;

/** @throws UserError (usage) if a flag says what becomes of trained weights, and none are named */
export function checkInit(settings: Partial<RunSettings>): void {
  if (settings.init !== undefined) return;
  for (const name of ABOUT_INIT) {
    if (settings[name] === undefined) continue;
    throw new UserError(
      `--${SETTINGS[name].flag} ${settings[name]} is about the weights of --init: give --init, or leave it out`,
      ExitCode.usage,
    );
  }
}

/**
 * Checks that frozen parts have weights that are worth keeping, and that their thaw can come.
 *
 * @throws UserError (usage) naming the flag that is missing, or the epoch that does not come
 */
export function checkFrozen({ recipe, init, freeze, thawAt, epochs }: Partial<RunSettings>): void {
  const refuse = (problem: string) => {
    throw new UserError(problem, ExitCode.usage);
  };
  if (init === undefined && recipe === FINE_TUNING) {
    refuse(`--recipe ${recipe} begins with trained weights, but there is no --init: give --init, or another --recipe`);
  }
  if (init === undefined && freeze !== undefined) {
    refuse(`--freeze ${freeze} would keep random weights, since there is no --init: give --init, or leave it out`);
  }
  if (thawAt === undefined) return;
  if (freeze === undefined) refuse(`--thaw-at ${thawAt} has nothing to thaw: give --freeze, or leave it out`);
  if (epochs !== undefined && thawAt > epochs) {
    const earlier = epochs >= EARLIEST_THAW ? 'an earlier --thaw-at, or ' : '';
    refuse(`--thaw-at ${thawAt} is later than --epochs ${epochs}: give ${earlier}more --epochs`);
  }
}

/**
 * Checks that a resumed run whose `--thaw-at` changes has neither trained the frozen parts nor begun the new epoch.
 *
 * @throws UserError (usage) if it has
 */
export function checkNewThaw(
  changes: readonly ChangedSetting[],
  { thawAt }: Pick<RunSettings, 'thawAt'>,
  progress: Progress,
): void {
  if (!changes.some(({ name }) => name === SETTINGS.thawAt.flag)) return;
  const { epochs, batch, frozen } = progress;
  const isThawed = frozen !== undefined && frozen.steps > 0;
  if (!isThawed && !hasReached(thawAt, progress)) return;
  const place = batch > 0 ? `is in epoch ${epochs + 1}` : `has trained ${epochs} epochs`;
  throw new UserError(
    `--resume: --thaw-at is now ${thawAt}, but the run ${place}` +
      (isThawed ? ', and nothing is frozen any more: leave it out' : ': give a later epoch'),
    ExitCode.usage,
  );
}

/** @throws UserError (usage) if a batch is larger than the data */
export function checkBatchFits(batchSize: number, imageCount: number): void {
  if (batchSize <= imageCount) return;
  throw new UserError(
    `--batch-size must be at most the ${imageCount} training images, got ${batchSize}`,
    ExitCode.usage,
  );
}

/**
 * Checks that a run's checkpoints fit the disk and can be read again.
 *
 * @param averaged whether the run also saves an exponential moving average
 * @param replaced bytes of the files in the folder that the run will replace
 * @throws UserError (io) if the disk has too little room, (usage) if a checkpoint would be too large to read
 */
export async function checkSizes(
  folder: string,
  parameters: readonly Parameter[],
  averaged: boolean,
  replaced: number,
): Promise<void> {
  const best = checkpointBytes(outlineOf(parameters, {}));
  const last = checkpointBytes(outlineOf(parameters, { optimizer: true, averaged }));
  if (last > MAX_FILE_BYTES) {
    throw new UserError(
      `a checkpoint would take ${last} bytes, more than the ${MAX_FILE_BYTES} that resnet reads; give a smaller ` +
        '--width or --depth',
      ExitCode.usage,
    );
  }
  // Best and last, the checkpoint that each of them replaces, and one that is being written.
  await checkRoom(folder, 2 * best + 3 * last, replaced);
}
