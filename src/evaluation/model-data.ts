/** The data that a model was trained on, as its checkpoint and its run say; and where they lie now. */
import { existsSync } from 'node:fs';
import type { Background } from '../dataset/sense.ts';
import { MNIST_TRAINING_SHA256, trainingHash } from '../dataset/source.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { ModelFile } from '../model/model-file.ts';

/** What a checkpoint tells about the data that its model was trained on. */
export interface ModelData {
  /** `MNIST`, the folder as it was named for training, or words that say as much as is known. */
  readonly source: string;
  readonly isMnist: boolean;
  /** Whether the images were transposed when they were loaded. */
  readonly transposed: boolean;
  /** Undefined if it is not known. */
  readonly background: Background | undefined;
}

/** A checkpoint's metadata, and the folder of the data that the run beside it names. */
interface Origin extends Pick<ModelFile, 'metadata'> {
  /** The folder in the run's `config.json`: it may be a later one than the checkpoint's. */
  readonly runDataDir?: string | undefined;
}

/** @returns undefined for a file of another tool, which does not tell */
export function modelDataOf({ metadata, runDataDir }: Origin): ModelData | undefined {
  if (metadata === undefined) return undefined;
  const isMnist = metadata.dataHash === MNIST_TRAINING_SHA256;
  const [folder] = foldersOf({ metadata, runDataDir });
  return {
    source: isMnist ? 'MNIST' : (folder ?? 'other data than MNIST'),
    isMnist,
    transposed: metadata.settings?.transpose === true,
    background: metadata.background ?? (isMnist ? 'dark' : undefined), // older files do not have it
  };
}

/**
 * Finds the data that a model was trained on. They are known by their hash, so that a folder whose content has changed
 * is not taken for them.
 *
 * @param checkpoint the checkpoint's name, for messages
 * @returns the folder; undefined for MNIST, which is also assumed for a file of another tool
 * @throws UserError (data) if they are not in the folder that checkpoint or run name
 */
export function findModelData({ metadata, runDataDir }: Origin, checkpoint: string): string | undefined {
  if (metadata === undefined) return undefined;
  const problems: string[] = [];
  for (const folder of foldersOf({ metadata, runDataDir })) {
    const problem = whyOther(folder, metadata.dataHash);
    if (problem === undefined) return folder;
    problems.push(problem);
  }
  if (metadata.dataHash === MNIST_TRAINING_SHA256) return undefined;
  const reasons = problems.length === 0 ? '' : ` (${problems.join('; ')})`;
  throw new UserError(`${checkpoint}: trained on other data than MNIST; give --data-dir${reasons}`, ExitCode.data);
}

/** The folders that checkpoint and run name, the checkpoint's first. */
function foldersOf({ metadata, runDataDir }: Origin): string[] {
  const named = [metadata?.settings?.dataDir, runDataDir];
  return [...new Set(named.filter((each) => typeof each === 'string'))];
}

/** @returns why the training data in a folder are not those of this hash; undefined if they are */
function whyOther(folder: string, sha256: string): string | undefined {
  if (!existsSync(folder)) return `${folder}: no such folder`;
  try {
    return trainingHash(folder) === sha256 ? undefined : `${folder}: the SHA-256 of its training data differs`;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
