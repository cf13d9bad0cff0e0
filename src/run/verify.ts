/** Checkpoints checked to the last byte, and described. */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import { ExitCode, type FaultyFile, UserError } from '../errors.ts';
import { readModelFile } from '../model/model-file.ts';
import { countTrainable, parametersOf } from '../net/parameters.ts';
import { type Architecture, resNet } from '../net/resnet.ts';
import { traceShapes } from '../net/trace.ts';
import { CHECKPOINT_FILES } from './folder/run-files.ts';
import { settingsIn } from './settings.ts';

/** A checkpoint of which every byte is as it was saved. */
export interface SoundFile {
  readonly path: string;
  readonly bytes: number;
  /** Its own checksum, found right; absent in a file of PyTorch's, or of format 1, which have none. */
  readonly sha256: string | undefined;
  readonly architecture: Architecture;
  /** Trained values. */
  readonly parameters: number;
  /** Whether `train --resume` can go on from it. */
  readonly resumable: boolean;
  /** Absent in a file of PyTorch's. */
  readonly metadata: CheckpointMetadata | undefined;
}

export type VerifiedFile = SoundFile | FaultyFile;

/**
 * @param path a checkpoint, or a run's folder, of which all checkpoints are checked
 * @throws UserError (checkpoint) where there is none
 */
export async function verifyCheckpoints(path: string): Promise<VerifiedFile[]> {
  const files = await checkpointsAt(path);
  const verified: VerifiedFile[] = [];
  for (const file of files) verified.push(await verifyFile(file)); // one at a time: each is in memory as a whole
  return verified;
}

async function checkpointsAt(path: string): Promise<string[]> {
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) return [path];
  const present = await readdir(path);
  const files = Object.values(CHECKPOINT_FILES).filter((file) => present.includes(file));
  if (files.length > 0) return files.map((file) => join(path, file));
  throw new UserError(`${path}: holds no checkpoint; make one with \`resnet train\``, ExitCode.checkpoint);
}

async function verifyFile(path: string): Promise<VerifiedFile> {
  try {
    const { architecture, metadata, checksum } = await readModelFile(path);
    if (metadata?.settings) settingsIn(metadata, path); // refuses what contradicts itself
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
