/** Where a resumed run goes on: which checkpoint of which folder. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type CheckpointMetadata, isDamage } from '../checkpoint/metadata.ts';
import type { Progress } from '../checkpoint/progress.ts';
import { ExitCode, UserError } from '../errors.ts';
import { type ModelFile, readModelFile } from '../model/model-file.ts';
import { RUN_FILES } from './folder/run-files.ts';

/** A checkpoint that a run can go on from. */
export interface ResumePoint {
  readonly path: string;
  readonly file: ModelFile;
  readonly metadata: CheckpointMetadata;
  readonly progress: Progress;
  /** What is wrong with the last checkpoint, where this is the one before it. */
  readonly damage?: string;
}

/** A run's folder, and the checkpoint in it that the user named. */
export interface RunPlace {
  readonly folder: string;
  readonly checkpoint?: string;
}

/**
 * @param wanted a checkpoint, a run's folder, or undefined for the run in `folder`
 * @param folder what `--checkpoint-dir` and `--name` say; undefined where neither was given
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
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') {
        throw new UserError(`${named}: cannot be looked into (${error.code}); check its permissions`, ExitCode.io);
      }
      throw new UserError(`${named}: nothing to resume from there; begin a run without --resume`, ExitCode.checkpoint);
    },
  );
  const run = isFolder ? named : dirname(named);
  if (folder !== undefined && resolve(folder) !== resolve(run)) {
    throw new UserError(
      `--resume ${named} goes on in its own folder, ${run}, but --checkpoint-dir and --name say ${folder}; leave one out`,
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
    if (!isDamage(error)) throw error;
    const point = await readResumePoint(previous).catch(() => Promise.reject(error));
    return { ...point, damage: existsSync(last) ? error.message : `${last} is gone` };
  }
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
