/**
 * Reconciles a run's folder with the checkpoint that the run resumes from: chooses the best, moves other files aside.
 */
import { rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { loadCheckpoint } from '../../checkpoint/load-checkpoint.ts';
import { type CheckpointMetadata, isDamage } from '../../checkpoint/metadata.ts';
import type { BestEpoch, Progress } from '../../checkpoint/progress.ts';
import type { Notice } from '../../errors.ts';
import { differingFields } from '../../model/model-file.ts';
import { type BestMeasure, figureOf, MEASURE_WORDS } from '../../training/best-measure.ts';
import { folderWithBest } from '../folder/earlier-folders.ts';
import { RUN_FILES } from '../folder/run-files.ts';
import { setAside } from '../folder/set-aside.ts';
import type { ResumePoint } from './resume-point.ts';

/** The best epoch that a folder holds, and the moves that the folder needs before the run resumes in it. */
interface Reconciliation {
  /** The epoch that later epochs must beat; null if the folder holds none. */
  readonly best: BestEpoch | null;
  /**
   * Moves aside the files that the resumed run will not use.
   *
   * @throws UserError (io) if a file cannot be moved
   */
  readonly apply: () => Promise<void>;
}

/** How a resumed run compares its epochs with the best so far. */
interface ResumedComparison {
  readonly otherImages: boolean;
  readonly bestBy: BestMeasure;
}

/**
 * Reads a run's folder and chooses the best epoch; changes nothing before `apply` is called.
 *
 * @param run whether the run's validation images have changed, and the measure by which epochs are compared from here on
 * @param now names the folder that files are moved to
 * @throws UserError (checkpoint) if the best checkpoint is of a newer format
 */
export async function reconciliationOf(
  folder: string,
  point: ResumePoint,
  run: ResumedComparison,
  now: Date,
  notice: Notice,
): Promise<Reconciliation> {
  const [path, previousPath] = [join(folder, RUN_FILES.best), join(folder, RUN_FILES.previousBest)];
  // A run without a best of its own may be in the folder of an earlier run whose best is still there. Equal bytes are
  // enough: at worst the run takes its own first best for that of an equal run, and writes the same again.
  const earlier = point.progress.best === null ? folderWithBest(folder, true) : undefined;
  if (earlier !== undefined) {
    const apply = async () => {
      await moveLastAside(folder, point, now, notice);
      notice(`${path} is still the earlier run's in ${earlier}; the next epoch replaces it`);
    };
    return { best: null, apply };
  }
  const current = await readBest(path, point, run);
  if ('best' in current) return { best: current.best, apply: () => moveLastAside(folder, point, now, notice) };
  const { reason, isSound } = current;
  const previous = await readBest(previousPath, point, run);
  const best = 'best' in previous ? previous.best : null;
  const apply = async () => {
    await moveLastAside(folder, point, now, notice);
    const others = best ? [] : [RUN_FILES.previousBest];
    if (isSound && !best) {
      // It stays until there is another: the folder is never without a model that can be tested.
      const aside = folderWithBest(folder) ?? setAside(folder, now, others, [RUN_FILES.best]);
      return notice(`${reason}; it is kept in ${aside}, and the next epoch replaces it`);
    }
    const aside = setAside(folder, now, [RUN_FILES.best, ...others]);
    const moved = aside === undefined ? '' : `; it was moved to ${aside}`;
    if (best) {
      await rename(previousPath, path);
      notice(`${reason}${moved}; the previous best, of epoch ${best.epoch}, replaces it`);
    } else if (aside !== undefined) notice(`${reason}${moved}; the next epoch becomes the best`);
    else if (point.progress.best) notice(`${path} is missing; the next epoch becomes the best`);
  };
  return { best, apply };
}

/**
 * If the run resumes from another checkpoint than the last, moves the last aside. Otherwise the next save would rotate
 * the last, which may be damaged, over the good previous one.
 */
async function moveLastAside(
  folder: string,
  { path, progress, damage }: ResumePoint,
  now: Date,
  notice: Notice,
): Promise<void> {
  if (basename(path) === RUN_FILES.last) return;
  const aside = setAside(folder, now, [RUN_FILES.last]);
  const moved = aside === undefined ? '' : `; ${RUN_FILES.last} was moved to ${aside}`;
  if (damage !== undefined || aside !== undefined) {
    notice(`${damage === undefined ? '' : `${damage}; `}resuming from ${path}, step ${progress.step}${moved}`);
  }
}

/**
 * @returns the epoch whose weights the file holds, or the reason why later epochs need not beat it; `isSound` says
 *   whether it is a checkpoint at all
 */
async function readBest(
  path: string,
  { metadata, progress }: ResumePoint,
  { otherImages, bestBy }: ResumedComparison,
): Promise<{ best: BestEpoch } | { reason: string; isSound: boolean }> {
  try {
    const { metadata: found } = await loadCheckpoint(path, { keep: () => false });
    if (found && !canBeOfRun(found, metadata, progress)) {
      return { reason: `${path}: belongs to another run`, isSound: true };
    }
    if (!found || otherImages || !hasSameImages(found, metadata)) {
      return { reason: `${path}: was validated on other images`, isSound: true };
    }
    const { epoch, step, validationLoss: loss, validationAccuracy: accuracy } = found;
    if (loss === undefined || accuracy === undefined) {
      return { reason: `${path}: was never validated`, isSound: true };
    }
    const { validationBalancedAccuracy: balancedAccuracy, validationMacroF1: macroF1 } = found;
    const best = { epoch, step, loss, accuracy, balancedAccuracy, macroF1 };
    if (figureOf(best, bestBy) !== undefined) return { best };
    return { reason: `${path}: its ${MEASURE_WORDS[bestBy]} is not known`, isSound: true };
  } catch (error) {
    if (isDamage(error)) return { reason: error.message, isSound: false };
    throw error;
  }
}

/**
 * Whether a run at this position can have saved the best; it is one epoch ahead if a kill fell before last was saved.
 */
function canBeOfRun(best: CheckpointMetadata, run: CheckpointMetadata, { epochs, step }: Progress): boolean {
  if (differingFields(best.architecture, run.architecture).length > 0) return false;
  return best.epoch > epochs ? best.step >= step : best.step <= step;
}

/** Whether both were validated on the same images: only then can their losses be compared. */
function hasSameImages(best: CheckpointMetadata, run: CheckpointMetadata): boolean {
  return (
    best.dataHash === run.dataHash &&
    best.seed === run.seed &&
    best.validationSize === run.validationSize &&
    best.settings?.testSize === run.settings?.testSize &&
    best.settings?.limitValidation === run.settings?.limitValidation
  );
}
