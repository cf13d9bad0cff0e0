/** One run a folder: a lock file that names its holder. */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { link, lstat, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cannotLink, temporaryPath, writeFailure } from '../../checkpoint/atomic-file.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { isAlive, startTime } from '../../processes.ts';
import { LOCK_FILE } from './run-files.ts';

/** A folder that is ours until `release`. */
export interface RunLock {
  /** The process whose lock was left behind when it was killed, or `unknown`; undefined where there was none. */
  readonly recoveredFrom: number | 'unknown' | undefined;
  release(): Promise<void>;
}

/**
 * @param folder a folder that can be written to
 * @param now told to whoever finds the folder locked
 * @throws {UserError} exit 7 naming the process that holds it and since when, exit 5 if it cannot be written
 */
export function lockRunFolder(folder: string, now: Date): Promise<RunLock> {
  return acquire(join(folder, LOCK_FILE), folder, now);
}

async function acquire(path: string, folder: string, now: Date): Promise<RunLock> {
  const own = JSON.stringify({ pid: process.pid, started: startTime(process.pid), since: now.toISOString() });
  const removeAtExit = () => rmSync(path, { force: true }); // however this process ends, short of being killed
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
    if (text === undefined) continue; // it has just been released
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
 * Removes a lock whose holder is dead. Only one process may do so with one lock: it holds a lock on that, whose name is
 * made of what the dead one says. Else a second one, that has read it too, could remove the lock that took its place.
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

/** What `removeStale` locks with, should it be killed; under the folder's own lock it is nobody's. */
export const STALE_GUARD = /^\.lock\.[0-9a-f]{16}$/;

/**
 * Makes a file that is not there yet, and is never seen empty: who found it so would take it for one that a killed process
 * has left, and remove it.
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

/** @returns undefined if there is none. A link is no lock of ours: it is told by where it leads, and never followed. */
async function readLock(path: string): Promise<string | undefined> {
  try {
    // Asked before opening: a named pipe would wait for ever.
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

function parseLock(text: string): { pid?: number; started?: number; since?: string } {
  try {
    const { pid, started, since } = JSON.parse(text);
    return Number.isSafeInteger(pid) && pid > 0 ? { pid, started, since: String(since) } : {};
  } catch {
    return {};
  }
}
