/** Writes the files of an export so that they appear all together, after they were proved, or not at all. */
import { createHash } from 'node:crypto';
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder, temporaryPath, writeAll, writeFailure } from '../checkpoint/atomic-file.ts';
import { UserError } from '../errors.ts';
import type { WrittenFile } from './network-format.ts';

/** A file that was written. */
export interface FileFacts {
  /** Name in the export's folder; '' for the one file of an export that is no folder. */
  readonly name: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** What is written. */
interface Output {
  /** Path of the file, or of the folder; what is there is replaced. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly files: readonly WrittenFile[];
  /** Stops the writing, and removes what was written. */
  readonly signal?: AbortSignal | undefined;
}

/** Path of the file beside an export that describes it. */
export function descriptionPath(path: string): string {
  return `${path}.json`;
}

/**
 * Writes files under a temporary name, proves them there, and gives them their name once their description is written,
 * too.
 *
 * @param describe proves what lies at a path, and returns the text of the description
 * @returns the facts about the files
 * @throws UserError (io), or what `describe` throws; nothing is left behind then, and what was at the path is unchanged
 */
export async function writeProved(
  { path, isFolder, files, signal }: Output,
  describe: (temporary: string, facts: readonly FileFacts[]) => Promise<string>,
): Promise<readonly FileFacts[]> {
  const temporary = temporaryPath(path);
  const description = descriptionPath(path);
  const temporaryDescription = temporaryPath(description);
  const size = files.reduce((sum, { pieces }) => sum + pieces.reduce((bytes, piece) => bytes + piece.length, 0), 0);
  try {
    if (isFolder) await mkdir(temporary);
    const facts: FileFacts[] = [];
    for (const { name, pieces } of files) {
      const written = await writeWhole(isFolder ? join(temporary, name) : temporary, pieces, signal);
      facts.push({ name, ...written });
    }
    if (isFolder) await syncFolder(temporary);
    const text = await describe(temporary, facts);
    signal?.throwIfAborted();
    await writeWhole(temporaryDescription, [new TextEncoder().encode(text)], signal);
    await giveNames([temporary, path], [temporaryDescription, description], isFolder);
    await syncFolder(dirname(path));
    return facts;
  } catch (error) {
    for (const each of [temporary, temporaryDescription]) {
      await rm(each, { recursive: true, force: true }).catch(() => {});
    }
    throw error instanceof UserError ? error : writeFailure(path, size, error);
  }
}

async function writeWhole(
  path: string,
  pieces: readonly Uint8Array[],
  signal: AbortSignal | undefined,
): Promise<Pick<FileFacts, 'bytes' | 'sha256'>> {
  const hash = createHash('sha256');
  const handle = await open(path, 'wx');
  let bytes = 0;
  try {
    for (const piece of pieces) {
      signal?.throwIfAborted();
      await writeAll(handle, piece, bytes);
      hash.update(piece);
      bytes += piece.length;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** A temporary path, and the path that takes its place. */
type Renaming = readonly [from: string, to: string];

/**
 * Gives an export and its description their names. A folder replaces no other in one step, so the old one steps aside
 * first. If one of the two cannot be renamed, such as over another user's file, neither is, unless a file was replaced.
 */
async function giveNames([temporary, path]: Renaming, description: Renaming, isFolder: boolean): Promise<void> {
  const isThere = await lstat(path).then(Boolean, () => false);
  const aside = isFolder && isThere ? temporaryPath(path) : undefined;
  if (aside) await rename(path, aside);
  try {
    await rename(temporary, path);
    await rename(...description);
  } catch (error) {
    if (isFolder || !isThere) await rename(path, temporary).catch(() => {}); // it may have no name yet
    if (aside) await rename(aside, path);
    throw error;
  }
  if (aside) await rm(aside, { recursive: true, force: true }).catch(() => {}); // another user's files stay
}
