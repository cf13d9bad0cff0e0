/** Finds the checkpoint that a run resumes from. */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type CheckpointMetadata, isDamage } from '../../checkpoint/metadata.ts';
import type { Progress } from '../../checkpoint/progress.ts';
import { ExitCode, type Notice, UserError } from '../../errors.ts';
import type { ModelFile } from '../../model/model-file.ts';
import { findNamedRun, findRun, type RunPlace } from '../folder/find-run.ts';
import { RUN_FILES } from '../folder/run-files.ts';
import { readSoundModel } from '../read-model.ts';

/** A checkpoint that a run can resume from. */
export interface ResumePoint {
  readonly path: string;
  readonly file: ModelFile;
  readonly metadata: CheckpointMetadata;
  readonly progress: Progress;
  /** The fault of the last checkpoint, if this is the previous one. */
  readonly damage?: string;
}

/** The run that a command line names to be resumed. */
export interface NamedForResume {
  /** What `--resume` names; undefined if the flag stands alone. */
  readonly run: string | undefined;
  readonly name: string | undefined;
  /** The folder that `--checkpoint-dir` names, and whether the user gave it. */
  readonly parent: string;
  readonly isParentGiven: boolean;
}

/**
 * Finds the run to resume.
 *
 * @param notice see `findRun`
 * @throws UserError (usage) if `--resume` names a run elsewhere than `--name` and `--checkpoint-dir`, else as `findRun`
 */
export async function locateRun(
  { run, name, parent, isParentGiven }: NamedForResume,
  notice: Notice,
): Promise<RunPlace> {
  if (run === undefined && name !== undefined) return findNamedRun(name, parent);
  const place = await findRun(run, parent, notice);
  const inside = relative(name === undefined ? parent : join(parent, name), place.folder);
  const isThere = name === undefined ? !isParentGiven || !/^\.\.(\/|$)/.test(inside) : inside === '';
  if (isThere) return place;
  throw new UserError(
    `--resume ${run} resumes in its own folder, ${place.folder}, but --checkpoint-dir and --name give ` +
      `${join(parent, name ?? '')}; leave one out`,
    ExitCode.usage,
  );
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
