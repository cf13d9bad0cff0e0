/** The file of a lock: created whole, read without following a link, and dated by the clock of its file system. */
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { link, rm, writeFile } from 'node:fs/promises';
import { cannotLink, temporaryPath, writeFailure } from '../../checkpoint/atomic-file.ts';
import { ExitCode, UserError } from '../../errors.ts';

/** A lock as it was read. */
export interface LockFile {
  readonly text: string;
  /** When it was last written, by the file system's clock, in milliseconds. */
  readonly renewed: number;
}

/**
 * Creates a lock with its whole text at once. If the lock were empty for a moment, another process would take it for
 * one that names nobody and remove it.
 *
 * @returns false if there is a lock already
 * @throws UserError (io) if the lock cannot be written
 */
export async function createLock(path: string, text: string): Promise<boolean> {
  const aside = temporaryPath(path);
  try {
    await writeFile(aside, text, { flag: 'wx' });
    await link(aside, path).catch((error) => {
      if (!cannotLink(error)) throw error;
      return writeFile(path, text, { flag: 'wx' });
    });
    return true;
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    // Who has just taken the lock may have removed the file beside it as a dead process's.
    if (code === 'EEXIST' || (code === 'ENOENT' && syscall === 'link')) return false;
    throw writeFailure(path, text.length, error);
  } finally {
    await rm(aside, { force: true });
  }
}

/**
 * Reads a lock. A symbolic link is never followed: its text is the path that it leads to, which names no process.
 *
 * @returns undefined if there is no lock
 * @throws UserError (io) if what is there is no file, or cannot be read
 */
export function readLock(path: string): LockFile | undefined {
  let descriptor: number | undefined;
  try {
    // Checked before opening: opening a named pipe would wait for ever.
    const stats = lstatSync(path);
    if (stats.isSymbolicLink()) return { text: `a link to ${readlinkSync(path)}`, renewed: stats.mtimeMs };
    if (!stats.isFile()) throw Object.assign(new Error(), { code: stats.isDirectory() ? 'EISDIR' : 'not a file' });
    // The time is that of the opened file. On NFS a machine remembers the times of files for up to a minute, and asks
    // the server again only when it opens one (nfs(5), close-to-open).
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    return { text: readFileSync(descriptor, 'utf8'), renewed: fstatSync(descriptor).mtimeMs };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new UserError(`${path}: cannot be read as a lock (${code}); remove it`, ExitCode.io, { cause: error });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * Removes a lock if it still has this text: it may be another's by now.
 *
 * @throws UserError (io) if it cannot be removed
 */
export function removeLock(path: string, text: string): void {
  if (readLock(path)?.text !== text) return;
  try {
    rmSync(path, { force: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`${path}: a lock that cannot be removed (${code}); remove it`, ExitCode.io, { cause: error });
  }
}

/**
 * The time now by the clock of a lock's file system, in milliseconds: that of a file written for it. The clocks of the
 * machines that share a folder may differ from it, and from each other.
 *
 * @throws UserError (io) if no file can be written beside the lock
 */
export function fileSystemTime(path: string): number {
  const probe = temporaryPath(path);
  try {
    const descriptor = openSync(probe, 'wx');
    try {
      writeSync(descriptor, 'x'); // written, not only created: NFS may use a new file's times for something else
      fdatasyncSync(descriptor);
      return fstatSync(descriptor).mtimeMs;
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw writeFailure(probe, 1, error);
  } finally {
    rmSync(probe, { force: true });
  }
}
