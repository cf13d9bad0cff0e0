/** Where a resumed run goes on: which checkpoint, and which is the best so far. */
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { loadCheckpoint } from '../checkpoint/checkpoint.ts';
import { type CheckpointMetadata, LaterFormat } from '../checkpoint/metadata.ts';
import type { BestEpoch, Progress } from '../checkpoint/progress.ts';
import { RUN_FILES, setAside } from '../checkpoint/run-folder.ts';
import { ExitCode, UserError } from '../errors.ts';
import { type ModelFile, readModelFile } from './model-file.ts';

/** A checkpoint that a run can go on from. */
export interface ResumePoint {
  readonly path: string;
  readonly file: ModelFile;
  readonly metadata: CheckpointMetadata;
  readonly progress: Progress;
  /** What is wrong with the last checkpoint, where this is the one before it. */
  readonly damage?: string;
}

/** Tells the user what is not an error, but to be known. */
export type Notice = (message: string) => void;

/** A run's folder, and the checkpoint in it that the user named. */
export interface RunPlace {
  readonly folder: string;
  readonly checkpoint?: string;
}

/**
 * @param wanted a checkpoint, a run's folder, or undefined for the run in `folder`
 * @param folder what `--checkpoint-dir` says; undefined where it was not given
 * @param fallback the folder where neither is given
 * @throws {UserError} exit 2 if the two do not go together, exit 4 if there is no such folder or checkpoint
 */
export async function locateRun(
  wanted: string | undefined,
  folder: string | undefined,
  fallback: string,
): Promise<RunPlace> {
  const named = wanted ?? folder ?? fallback;
  const isFolder = await stat(named).then(
    (stats) => stats.isDirectory(),
    () => {
      throw new UserError(`${named}: nothing to resume from there; begin a run without --resume`, ExitCode.checkpoint);
    },
  );
  const run = isFolder ? named : dirname(named);
  if (folder !== undefined && resolve(folder) !== resolve(run)) {
    throw new UserError(
      `--resume ${named} goes on in its own folder, ${run}, but --checkpoint-dir is ${folder}; leave one out`,
      ExitCode.usage,
    );
  }
  return isFolder ? { folder: run } : { folder: run, checkpoint: named };
}

/**
 * Reads the checkpoint to go on from: the one that is named, else the folder's last, else, where that is damaged, the one
 * before it.
 * @throws {UserError} exit 4 if there is none, or the one that is named is damaged
 */
export async function openResumePoint({ folder, checkpoint }: RunPlace): Promise<ResumePoint> {
  if (checkpoint !== undefined) return readResumePoint(checkpoint);
  const last = join(folder, RUN_FILES.last);
  const previous = join(folder, RUN_FILES.previousLast);
  try {
    return await readResumePoint(last);
  } catch (error) {
    const isDamaged =
      error instanceof UserError && error.code === ExitCode.checkpoint && !(error instanceof LaterFormat);
    if (!isDamaged) throw error;
    const point = await readResumePoint(previous).catch(() => Promise.reject(error));
    return { ...point, damage: error.message };
  }
}

/**
 * Moves a damaged last checkpoint aside, where the run goes on from the one before it: the next save would keep it in the
 * place of that good one.
 * @param now dates the folder that it is moved to
 * @throws {UserError} exit 5 if it cannot be moved
 */
export async function leaveDamaged(
  folder: string,
  { path, progress, damage }: ResumePoint,
  now: Date,
  notice: Notice,
): Promise<void> {
  if (damage === undefined) return;
  const aside = await setAside(folder, now, [RUN_FILES.last]);
  const moved = aside === undefined ? '' : `; the damaged file was moved to ${aside}`;
  notice(`${damage}; going on from ${path}, step ${progress.step}${moved}`);
}

async function readResumePoint(path: string): Promise<ResumePoint> {
  const file = await readModelFile(path);
  const { metadata } = file;
  if (metadata?.progress) return { path, file, metadata, progress: metadata.progress };
  throw new UserError(
    `${path}: holds weights only, not the optimizer's state: resume from a ${RUN_FILES.last}, or begin a new run with ` +
      '--init',
    ExitCode.checkpoint,
  );
}

/**
 * What `best.safetensors` holds, which is what a later epoch must beat. One that is damaged, or was validated on other
 * images, is moved aside.
 * @param otherImages whether the run goes on with other validation images than before
 * @returns null where there is none to beat
 * @throws {UserError} exit 5 if a file cannot be moved
 */
export async function standingBest(
  folder: string,
  { metadata, progress }: ResumePoint,
  otherImages: boolean,
  now: Date,
  notice: Notice,
): Promise<BestEpoch | null> {
  const path = join(folder, RUN_FILES.best);
  let problem: string;
  try {
    const { metadata: found } = await loadCheckpoint(path, { keep: () => false });
    if (found && !otherImages && isOfRun(found, metadata)) {
      const { epoch, step, validationLoss: loss, validationAccuracy: accuracy } = found;
      if (loss !== undefined && accuracy !== undefined) return { epoch, step, loss, accuracy };
    }
    problem = `${path}: was validated on other images`;
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== ExitCode.checkpoint) throw error;
    problem = error.message;
  }
  const aside = await setAside(folder, now, [RUN_FILES.best]);
  if (aside !== undefined) notice(`${problem}; it was moved to ${aside}, and the next epoch is kept as the best`);
  else if (progress.best) notice(`${path} is gone: the next epoch is kept as the best`);
  return null;
}

/** Validation losses compare only on the same images. */
function isOfRun(best: CheckpointMetadata, run: CheckpointMetadata): boolean {
  const validationOf = ({ dataHash, seed, validationSize, settings }: CheckpointMetadata) =>
    JSON.stringify([dataHash, seed, validationSize, settings?.limitValidation]);
  return validationOf(best) === validationOf(run);
}
