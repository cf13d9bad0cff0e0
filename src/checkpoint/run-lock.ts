/** One run a folder: a lock file that names its holder. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import { isAlive } from '../processes.ts';

const LOCK_FILE = '.lock';

/** A folder that is ours until `release`. */
export interface RunLock {
  /** The process whose lock was left behind when it was killed; undefined where there was none. */
  readonly recoveredFrom: number | undefined;
  release(): Promise<void>;
}

/**
 * @param folder a folder that can be written to
 * @param now told to whoever finds the folder locked
 * @throws {UserError} exit 7 naming the process that holds it and since when
 */
export async function lockRunFolder(folder: string, now: Date): Promise<RunLock> {
  const path = join(folder, LOCK_FILE);
  const own = JSON.stringify({ pid: process.pid, since: now.toISOString() });
  for (let recoveredFrom: number | undefined; ; ) {
    try {
      await writeFile(path, own, { flag: 'wx' });
      return { recoveredFrom, release: () => rm(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const text = await readFile(path, 'utf8').catch(() => ''); // it may just have been released
    const { pid, since } = parseLock(text);
    if (pid !== undefined && pid !== process.pid && isAlive(pid)) {
      throw new UserError(
        `${folder}: process ${pid} has been training here since ${since}; wait for it, or choose another --checkpoint-dir`,
        ExitCode.locked,
      );
    }
    recoveredFrom = pid;
    await removeStaleLock(path, text);
  }
}

/** Takes the lock out of the way by renaming it, and puts it back if it turns out to be a new one. */
async function removeStaleLock(path: string, stale: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) === stale) await rm(aside, { force: true });
    else await rename(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // someone else was faster
  }
}

function parseLock(text: string): { pid?: number; since?: string } {
  try {
    const { pid, since } = JSON.parse(text);
    return Number.isSafeInteger(pid) && pid > 0 ? { pid, since: String(since) } : {};
  } catch {
    return {};
  }
}
