/** Checks checkpoints to the last byte, and describes them. */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { calledAs } from '../called-as.ts';
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import { ExitCode, type FaultyFile, UserError } from '../errors.ts';
import type { ReadOptions } from '../model/model-file.ts';
import { countTrainable, parametersOf } from '../net/parameters.ts';
import { type Architecture, resNet } from '../net/resnet.ts';
import { traceShapes } from '../net/trace.ts';
import type { RunPlace } from './folder/find-run.ts';
import { CHECKPOINT_FILES } from './folder/run-files.ts';
import { readSoundModel } from './read-model.ts';

/** A checkpoint whose every byte is as it was saved. */
export interface SoundFile {
  readonly path: string;
  readonly bytes: number;
  /** The file's own checksum, verified; absent in PyTorch's files and in format 1, which have no checksum. */
  readonly sha256: string | undefined;
  readonly architecture: Architecture;
  /** Number of trained parameters. */
  readonly parameters: number;
  /** Whether `train --resume` can resume from this file. */
  readonly resumable: boolean;
  /** The checkpoint's facts about its run; absent in PyTorch's files. */
  readonly metadata: CheckpointMetadata | undefined;
}

/** Result of checking one checkpoint. */
export type VerifiedFile = SoundFile | FaultyFile;

/**
 * Checks one checkpoint, or all checkpoints of a run.
 *
 * @param place a checkpoint, or a run
 * @throws UserError (checkpoint) if the folder holds no checkpoint; a damaged file is returned as a `FaultyFile`
 */
export async function verifyCheckpoints(place: RunPlace, options: ReadOptions = {}): Promise<VerifiedFile[]> {
  const files = await checkpointsAt(place);
  const verified: VerifiedFile[] = [];
  for (const file of files) verified.push(await verifyFile(file, options)); // one by one: each is read into memory whole
  return verified;
}

async function checkpointsAt({ folder, checkpoint }: RunPlace): Promise<string[]> {
  if (checkpoint !== undefined) return [checkpoint];
  const present = await readdir(folder);
  const files = Object.values(CHECKPOINT_FILES).filter((file) => present.includes(file));
  if (files.length > 0) return files.map((file) => join(folder, file));
  throw new UserError(`${folder}: holds no checkpoint; make one with \`${calledAs()} train\``, ExitCode.checkpoint);
}

async function verifyFile(path: string, options: ReadOptions): Promise<VerifiedFile> {
  try {
    const { architecture, metadata, checksum } = await readSoundModel(path, options);
    const { size: bytes } = await stat(path);
    const [channels, height, width] = metadata?.input ?? [architecture.channels, 28, 28];
    const parameters = countTrainable(parametersOf(traceShapes(resNet(architecture), [channels, height, width])));
    const resumable = metadata?.progress !== undefined;
    return { path, bytes, sha256: checksum, architecture, parameters, resumable, metadata };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { path, problem: error.message, code: error.code };
  }
}
