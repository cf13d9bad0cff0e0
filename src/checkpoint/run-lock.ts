/** One run a folder: a lock file that names its holder. */
import { rmSync } from 'node:fs';
import { link, lstat, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import { isAlive, startTime } from '../processes.ts';
import { cannotLink, temporaryPath, writeFailure } from './atomic-file.ts';

export const LOCK_FILE = '.lock';

/** A folder that is ours until `release`. */
export interface RunLock {
  /** The process whose lock was left behind when it was killed; undefined where there was none. */
  readonly recoveredFrom: number | undefined;
  release(): Promise<void>;
}

/**
 * @param folder a folder that can be written to
 * @param now told to whoever finds the folder locked
 * @throws {UserError} exit 7 naming the process that holds it and since when, exit 5 if it cannot be written
 */
export async function lockRunFolder(folder: string, now: Date): Promise<RunLock> {
  const path = join(folder, LOCK_FILE);
  const own = JSON.stringify({ pid: process.pid, started: startTime(process.pid), since: now.toISOString() });
  const removeAtExit = () => rmSync(path, { force: true }); // however this process ends, short of being killed
  for (let recoveredFrom: number | undefined; ; ) {
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
    const { pid, started, since } = parseLock(text);
    if (pid !== undefined && pid !== process.pid && isAlive(pid) && startTime(pid) === started) {
      throw new UserError(
        `${folder}: process ${pid} has been training here since ${since}; wait for it, or choose another --checkpoint-dir`,
        ExitCode.locked,
      );
    }
    recoveredFrom = pid;
    await removeStaleLock(path, text);
  }
}

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

async function readLock(path: string): Promise<string> {
  try {
    // Asked before opening: a named pipe would wait for ever.
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) return `a link to ${await readlink(path)}`;
    if (!stats.isFile()) throw Object.assign(new Error(), { code: stats.isDirectory() ? 'EISDIR' : 'not a file' });
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return ''; // it has just been released
    throw new UserError(`${path}: cannot be read as a lock (${code}); remove it`, ExitCode.io, { cause: error });
  }
}

/** Takes the lock out of the way by renaming it, and puts it back if it turns out to be a new one. */
async function removeStaleLock(path: string, stale: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
    if ((await readLock(aside)) === stale) await rm(aside, { force: true });
    else await rename(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // someone else was faster
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
