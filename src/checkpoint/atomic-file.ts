import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';

/** The names that `temporaryPath` gives: what is being written, and by which process. */
export const TEMPORARY_FILE = /^(?<name>.+)\.(?<pid>\d+)-[0-9a-f]{8}\.tmp$/;

/** @returns a new path beside `path`, on the same file system, from which it can be renamed */
export function temporaryPath(path: string): string {
  return `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
}

/**
 * Writes a file so that whoever opens `path`, also after a kill or a power cut, finds the whole old file or the whole new
 * one: into a new file beside it, onto the disk, and then under the name. A symbolic link at `path` is replaced, not
 * followed.
 * @param chunks the file's bytes in order
 * @throws {UserError} exit 5; the file at `path` is then as it was, unless only the folder's fsync failed
 */
export async function writeFileAtomically(path: string, chunks: readonly Uint8Array[]): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    const handle = await open(temporary, 'wx');
    try {
      for (const chunk of chunks) await writeAll(handle, chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw writeFailure(path, chunks, error);
  }
}

/** A write may take fewer bytes than it was given, and still succeed: on a full disk, or at a size limit. */
async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await handle.write(chunk, done, chunk.length - done);
    if (bytesWritten === 0) throw new Error('the disk took no more bytes');
    done += bytesWritten;
  }
}

/** What file systems say that cannot sync a folder, or will not open one: the rename stands all the same. */
const CANNOT_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EPERM', 'EISDIR', 'EACCES']);

/** The new name is itself data of the folder, and would else be lost with the power. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!CANNOT_SYNC.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function writeFailure(path: string, chunks: readonly Uint8Array[], error: unknown): UserError {
  const { code, message } = error as NodeJS.ErrnoException;
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const reason =
    code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG'
      ? `no room (${code}): ${bytes} bytes are needed; free some and run again`
      : (code ?? message);
  return new UserError(`${path}: could not be written: ${reason}`, ExitCode.io, { cause: error });
}
