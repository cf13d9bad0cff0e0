/** A run's folder when the run goes on in it: damaged files are moved aside, and the best so far is what it holds. */
import { rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { loadCheckpoint } from '../checkpoint/checkpoint.ts';
import { type CheckpointMetadata, isDamage } from '../checkpoint/metadata.ts';
import type { BestEpoch, Progress } from '../checkpoint/progress.ts';
import type { Notice } from '../errors.ts';
import { differingFields } from '../model/model-file.ts';
import { RUN_FILES } from './folder/run-files.ts';
import { setAside } from './folder/run-folder.ts';
import type { ResumePoint } from './resume-point.ts';

/** What a folder holds, and what is still to be done with it. */
export interface Settlement {
  /** The epoch that a later one must beat; null where there is none. */
  readonly best: BestEpoch | null;
  /** Moves aside what is damaged. @throws {UserError} exit 5 if a file cannot be moved */
  readonly apply: () => Promise<void>;
}

/**
 * Looks, and changes nothing yet.
 *
 * @param otherImages whether the run goes on with other validation images than before
 * @param now dates the folder that files are moved to
 * @throws {UserError} exit 4 if the best is of a later format
 */
export async function settlementOf(
  folder: string,
  point: ResumePoint,
  otherImages: boolean,
  now: Date,
  notice: Notice,
): Promise<Settlement> {
  const [path, previousPath] = [join(folder, RUN_FILES.best), join(folder, RUN_FILES.previousBest)];
  const best = await readBest(path, point, otherImages);
  if (typeof best !== 'string') return { best, apply: () => leaveLast(folder, point, now, notice) };
  const previous = await readBest(previousPath, point, otherImages);
  const substitute = typeof previous === 'string' ? undefined : previous;
  const apply = async () => {
    await leaveLast(folder, point, now, notice);
    const aside = await setAside(folder, now, substitute ? [RUN_FILES.best] : [RUN_FILES.best, RUN_FILES.previousBest]);
    const moved = aside === undefined ? '' : `; it was moved to ${aside}`;
    if (substitute) {
      await rename(previousPath, path);
      notice(`${best}${moved}, and the one before it, of epoch ${substitute.epoch}, takes its place`);
    } else if (aside !== undefined) notice(`${best}${moved}, and the next epoch is kept as the best`);
    else if (point.progress.best) notice(`${path} is gone: the next epoch is kept as the best`);
  };
  return { best: substitute ?? null, apply };
}

/**
 * A last checkpoint that the run does not go on from: the next save would keep it in the place of the one before it, which
 * is the good one where this is damaged.
 */
async function leaveLast(
  folder: string,
  { path, progress, damage }: ResumePoint,
  now: Date,
  notice: Notice,
): Promise<void> {
  if (basename(path) === RUN_FILES.last) return;
  const aside = await setAside(folder, now, [RUN_FILES.last]);
  const moved = aside === undefined ? '' : `; ${RUN_FILES.last} was moved to ${aside}`;
  if (damage !== undefined || aside !== undefined) {
    notice(`${damage === undefined ? '' : `${damage}; `}going on from ${path}, step ${progress.step}${moved}`);
  }
}

/** @returns the epoch whose weights the file holds, or why there is none to beat in it */
async function readBest(
  path: string,
  { metadata, progress }: ResumePoint,
  otherImages: boolean,
): Promise<BestEpoch | string> {
  try {
    const { metadata: found } = await loadCheckpoint(path, { keep: () => false });
    if (found && !isOnTheWay(found, metadata, progress)) return `${path}: is of another run`;
    if (!found || otherImages || !isOfRun(found, metadata)) return `${path}: was validated on other images`;
    const { epoch, step, validationLoss: loss, validationAccuracy: accuracy } = found;
    if (loss === undefined || accuracy === undefined) return `${path}: was never validated`;
    return { epoch, step, loss, accuracy };
  } catch (error) {
    if (isDamage(error)) return error.message;
    throw error;
  }
}

/** Whether a run that stands here may have saved it; it may be one epoch ahead, where a kill came before last was saved. */
function isOnTheWay(best: CheckpointMetadata, run: CheckpointMetadata, { epochs, step }: Progress): boolean {
  if (differingFields(best.architecture, run.architecture).length > 0) return false;
  return best.epoch > epochs ? best.step >= step : best.step <= step;
}

/** Validation losses compare only on the same images. */
function isOfRun(best: CheckpointMetadata, run: CheckpointMetadata): boolean {
  return (
    best.dataHash === run.dataHash &&
    best.seed === run.seed &&
    best.validationSize === run.validationSize &&
    best.settings?.limitValidation === run.settings?.limitValidation
  );
}
