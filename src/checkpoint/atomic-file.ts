/**
 * Writes files atomically: a reader finds the whole old file or the whole new one, even after a kill or a power cut.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, link, lstat, open, rename, rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';

/**
 * Matches the names that `temporaryPath` makes; the groups are the final name and the id of the process that writes.
 */
export const TEMPORARY_FILE = /^(?<name>.+)\.(?<pid>\d+)-[0-9a-f]{8}\.tmp$/;

/** A new path beside `path`, so that a file can be renamed from it to `path` within one file system. */
export function temporaryPath(path: string): string {
  return `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
}

/** A piece of a file: bytes that follow the piece before, or that go to a given position. */
export type Piece = Uint8Array | { readonly bytes: Uint8Array; readonly position: number };

/** How `writeFileAtomically` replaces a file. */
interface Replacement {
  /** Bytes of the whole file, for the message that the disk is full. */
  readonly size: number;
  /** Checks the new file before it gets its final name, and throws if the file is wrong; default: no check. */
  readonly verify?: (temporary: string) => Promise<void>;
  /** Path under which the replaced file is kept; default: it is not kept. */
  readonly keepAs?: string;
}

/**
 * Writes a file atomically: writes a temporary file beside it, syncs it to the disk, verifies it, and renames it to
 * `path`. A symbolic link at `path` is replaced, not followed.
 *
 * @param pieces the file's bytes in order; each piece is written before the next one is requested
 * @throws UserError (io), or what `pieces` or `verify` throws; the file at `path` is then unchanged, unless only the
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

/**
 * Writes all bytes: a single write can succeed with fewer bytes than it was given, on a full disk or at a size limit.
 */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw Object.assign(new Error('the disk took no more bytes'), { code: 'ENOSPC' });
    done += bytesWritten;
  }
}

/**
 * Keeps a file under a second name, which may be taken. The second name is a hard link, so that the file is never
 * without a name; a file system without hard links renames the file instead.
 */
async function keep(path: string, name: string): Promise<void> {
  const aside = temporaryPath(name);
  try {
    await link(path, aside);
    await rename(aside, name);
    await rm(aside, { force: true }); // POSIX renames nothing if both names are links to one file
  } catch (error) {
    await rm(aside, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return; // no file to keep
    if (!cannotLink(error) || (await lstat(path)).isDirectory()) throw error;
    await rename(path, name);
  }
}

/** Error codes of file systems without hard links: FAT, and some network file systems. */
const NO_LINK_CODES = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

/** Whether an error means that the file system has no hard links. */
export function cannotLink(error: unknown): boolean {
  return NO_LINK_CODES.has((error as NodeJS.ErrnoException).code ?? '');
}

/** Error codes of file systems that cannot open or sync a folder; the rename is done all the same. */
const NO_FOLDER_SYNC_CODES = new Set(['EINVAL', 'ENOTSUP', 'EPERM', 'EISDIR', 'EACCES']);

/** Syncs a folder: a new name is data of the folder, and a power cut could lose it. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!NO_FOLDER_SYNC_CODES.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/**
 * Turns a system error into the message that a file could not be written. Other errors are bugs or the reason of an
 * abort, and are returned as they are.
 *
 * @param size bytes of the whole file
 * @param error the error of writing to `path`
 */
export function writeFailure(path: string, size: number, error: unknown): Error {
  const code = errorName(error as NodeJS.ErrnoException);
  if (code === undefined) return error as Error;
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code);
  const reason = full
    ? `no room (${code}): ${size} bytes are needed; free some and run again`
    : `${code}; check the folder and its disk`;
  return new UserError(`${path}: could not be written: ${reason}`, ExitCode.io, { cause: error });
}

/** An error's code. Node has none for a full quota: it says "Unknown system error -122". */
function errorName({ errno, code }: NodeJS.ErrnoException): string | undefined {
  if (errno === -constants.errno.EDQUOT) return 'EDQUOT';
  return typeof code === 'string' ? code : undefined; // that of an AbortError is a number
}
