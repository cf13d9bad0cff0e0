/** Finds the checkpoint that a run resumes from. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type CheckpointMetadata, isDamage } from '../checkpoint/metadata.ts';
import type { Progress } from '../checkpoint/progress.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { ModelFile } from '../model/model-file.ts';
import { RUN_FILES } from './folder/run-files.ts';
import { isFolder } from './folder/run-folder.ts';
import { readSoundModel } from './read-model.ts';

/** A checkpoint that a run can resume from. */
export interface ResumePoint {
  readonly path: string;
  readonly file: ModelFile;
  readonly metadata: CheckpointMetadata;
  readonly progress: Progress;
  /** The fault of the last checkpoint, if this is the previous one. */
  readonly damage?: string;
}

/** A run's folder, and the checkpoint in it if the user named one. */
export interface RunPlace {
  readonly folder: string;
  readonly checkpoint?: string;
}

/**
 * Finds the folder of the run to resume.
 *
 * @param wanted a checkpoint or a run's folder; undefined for the run in `folder`
 * @param folder the folder that `--checkpoint-dir` and `--name` name; undefined if neither was given
 * @param fallback the folder if neither `wanted` nor `folder` is given
 * @throws UserError (usage) if `wanted` is not in `folder`, (checkpoint) if it does not exist, (io) if it cannot be
 *   read
 */
export async function locateRun(
  wanted: string | undefined,
  folder: string | undefined,
  fallback: string,
): Promise<RunPlace> {
  const named = wanted ?? folder ?? fallback;
  const isRun = await isFolder(named, 'no such file or folder to resume from; begin a run without --resume');
  const run = isRun ? named : dirname(named);
  if (folder !== undefined && resolve(folder) !== resolve(run)) {
    throw new UserError(
      `--resume ${named} resumes in its own folder, ${run}, but --checkpoint-dir and --name give ${folder}; leave one out`,
      ExitCode.usage,
    );
  }
  return isRun ? { folder: run } : { folder: run, checkpoint: named };
}

/**
 * Reads the checkpoint to resume from: the named one, else the folder's last, else, if that is damaged, the previous
 * one.
 *
 * @throws UserError (checkpoint) if there is none, or if the named one is damaged
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
    return { ...point, damage: existsSync(last) ? error.message : `${last} is missing` };
  }
}

async function readResumePoint(path: string): Promise<ResumePoint> {
  const file = await readSoundModel(path);
  const { metadata } = file;
  if (metadata?.progress) return { path, file, metadata, progress: metadata.progress };
  throw new UserError(
    `${path}: holds weights only, not the optimizer's state: resume from a ${RUN_FILES.last}, or begin a new run with ` +
      '--init',
    ExitCode.checkpoint,
  );
}
