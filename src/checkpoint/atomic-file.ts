import { randomBytes } from 'node:crypto';
import { type FileHandle, link, lstat, open, rename, rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';

/** The names that `temporaryPath` gives: what is being written, and by which process. */
export const TEMPORARY_FILE = /^(?<name>.+)\.(?<pid>\d+)-[0-9a-f]{8}\.tmp$/;

/** @returns a new path beside `path`, on the same file system, from which it can be renamed */
export function temporaryPath(path: string): string {
  return `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
}

/** Bytes that follow those before them, or that replace some of them. */
export type Piece = Uint8Array | { readonly bytes: Uint8Array; readonly position: number };

/** How a file is replaced. */
export interface Replacement {
  /** Bytes of the whole, for the message that there is no room. */
  readonly size: number;
  /** Reads the new file again before it gets its name, and throws where it is not what was meant; default: nothing. */
  readonly verify?: (temporary: string) => Promise<void>;
  /** Where the file that is replaced is kept; default: nowhere. */
  readonly keepAs?: string;
}

/**
 * Writes a file so that whoever opens `path`, also after a kill or a power cut, finds the whole old file or the whole new
 * one: into a new file beside it, onto the disk, and then under the name. A symbolic link at `path` is replaced, not
 * followed.
 * @param pieces the file's bytes in order; each is written before the next is asked for
 * @throws {UserError} exit 5, or what `pieces` or `verify` throws; the file at `path` is then as it was, unless only the
 *   folder's fsync failed
 */
export async function writeFileAtomically(
  path: string,
  pieces: Iterable<Piece>,
  { size, verify, keepAs }: Replacement,
): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    const handle = await open(temporary, 'wx');
    try {
      let end = 0;
      for (const piece of pieces) {
        const { bytes, position } = 'position' in piece ? piece : { bytes: piece, position: end };
        await writeAll(handle, bytes, position);
        end = Math.max(end, position + bytes.length);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await verify?.(temporary);
    if (keepAs !== undefined) await keep(path, keepAs);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error instanceof UserError ? error : writeFailure(path, size, error);
  }
}

/** A write may take fewer bytes than it was given, and still succeed: on a full disk, or at a size limit. */
async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw Object.assign(new Error('the disk took no more bytes'), { code: 'ENOSPC' });
    done += bytesWritten;
  }
}

/** Gives the file a second name, in place of whatever has that name, so that it is never without one. */
async function keep(path: string, name: string): Promise<void> {
  const aside = temporaryPath(name);
  try {
    await link(path, aside);
    await rename(aside, name);
    await rm(aside, { force: true }); // still there where both names were of one file: POSIX then renames nothing
  } catch (error) {
    await rm(aside, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return; // there is no file yet
    if (!cannotLink(error) || (await lstat(path)).isDirectory()) throw error;
    await rename(path, name);
  }
}

/** What file systems say that know one name a file only: FAT, and some on networks. */
const CANNOT_LINK = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

/** Whether the file system has refused to give a file a second name because it never does. */
export function cannotLink(error: unknown): boolean {
  return CANNOT_LINK.has((error as NodeJS.ErrnoException).code ?? '');
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

/**
 * @param size bytes of the whole file
 * @param error what the system said of writing to `path`
 */
export function writeFailure(path: string, size: number, error: unknown): Error {
  const code = errorName(error as NodeJS.ErrnoException);
  if (code === undefined) return error as Error; // not the system's: a bug
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code);
  const reason = full ? `no room (${code}): ${size} bytes are needed; free some and run again` : code;
  return new UserError(`${path}: could not be written: ${reason}`, ExitCode.io, { cause: error });
}

/** Node has no name for a full quota: it says "Unknown system error -122". */
function errorName({ errno, code }: NodeJS.ErrnoException): string | undefined {
  return errno === -constants.errno.EDQUOT ? 'EDQUOT' : code;
}
