/** The lock on a run's folder: a file that names the process that holds it. One run at a time uses a folder. */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { link, lstat, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cannotLink, temporaryPath, writeFailure } from '../../checkpoint/atomic-file.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { isAlive, startTime } from '../../processes.ts';
import { LOCK_FILE } from './run-files.ts';

/** A lock on a folder, held until `release` is called. */
export interface RunLock {
  /**
   * Id of the dead process whose lock was removed, or `unknown` if the lock named none; undefined without such a lock.
   */
  readonly recoveredFrom: number | 'unknown' | undefined;
  release(): Promise<void>;
}

/**
 * Locks a run's folder. A lock whose process is dead is removed first.
 *
 * @param folder a folder that can be written to
 * @param now the time of the lock, which other processes show in their message
 * @throws UserError (locked) naming the process that holds the lock and since when, (io) if the lock cannot be written
 */
export function lockRunFolder(folder: string, now: Date): Promise<RunLock> {
  return acquire(join(folder, LOCK_FILE), folder, now);
}

async function acquire(path: string, folder: string, now: Date): Promise<RunLock> {
  const own = JSON.stringify({ pid: process.pid, started: startTime(process.pid), since: now.toISOString() });
  const removeAtExit = () => rmSync(path, { force: true }); // runs however this process ends, unless it is killed
  for (let recoveredFrom: RunLock['recoveredFrom']; ; ) {
    try {
      await createWhole(path, own);
      process.once('exit', removeAtExit);
      return {
        recoveredFrom,
        async release() {
          process.off('exit', removeAtExit);
          await rm(path, { force: true });
        },
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw writeFailure(path, own.length, error);
    }
    const text = await readLock(path);
    if (text === undefined) continue; // released just now
    const { pid, started, since } = parseLock(text);
    if (pid !== undefined && pid !== process.pid && isAlive(pid) && startTime(pid) === started) {
      throw new UserError(
        `${folder}: process ${pid} has been training here since ${since}; wait for it, or choose another --checkpoint-dir`,
        ExitCode.locked,
      );
    }
    recoveredFrom = pid ?? 'unknown';
    await removeStale(path, text, folder, now);
  }
}

/**
 * Removes a lock whose holder is dead. Two processes may read the same dead lock: the slower one would then remove the
 * faster one's new lock. So the remover first takes a second lock, the guard, which is named after the dead lock's
 * text.
 */
async function removeStale(path: string, text: string, folder: string, now: Date): Promise<void> {
  const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const guard = await acquire(`${join(folder, LOCK_FILE)}.${name}`, folder, now);
  try {
    if ((await readLock(path)) === text) await rm(path, { force: true });
  } finally {
    await guard.release();
  }
}

/** The guard's file name. A guard that a killed process left may be removed by the holder of the folder's lock. */
export const STALE_GUARD = /^\.lock\.[0-9a-f]{16}$/;

/**
 * Creates a file with its whole text at once, and fails if the file exists. If the lock were empty for a moment,
 * another process would take it for a dead one and remove it.
 */
async function createWhole(path: string, text: string): Promise<void> {
  const aside = temporaryPath(path);
  try {
    await writeFile(aside, text, { flag: 'wx' });
    await link(aside, path).catch((error) => {
      if (!cannotLink(error)) throw error;
      return writeFile(path, text, { flag: 'wx' });
    });
  } finally {
    await rm(aside, { force: true });
  }
}

/**
 * Reads a lock. A symbolic link is never followed: its text is the path that it leads to, which names no process.
 *
 * @returns the lock's text; undefined if there is no lock
 */
async function readLock(path: string): Promise<string | undefined> {
  try {
    // Checked before opening: opening a named pipe would wait for ever.
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) return `a link to ${await readlink(path)}`;
    if (!stats.isFile()) throw Object.assign(new Error(), { code: stats.isDirectory() ? 'EISDIR' : 'not a file' });
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new UserError(`${path}: cannot be read as a lock (${code}); remove it`, ExitCode.io, { cause: error });
  }
}

/** The holder that a lock names; empty if it names none. */
function parseLock(text: string): { pid?: number; started?: number; since?: string } {
  try {
    const { pid, started, since } = JSON.parse(text);
    return Number.isSafeInteger(pid) && pid > 0 ? { pid, started, since: String(since) } : {};
  } catch {
    return {};
  }
}
