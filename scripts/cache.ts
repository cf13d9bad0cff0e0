/** The folder, outside the project, that keeps what was fetched and compiled; `npm ci` leaves it alone. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { makeFolder } from '../src/make-folder.ts';
import { isAlive } from '../src/processes.ts';

/** @returns `RESNET_CACHE`, or the user's cache folder as the platform names it */
export function cacheFolder(): string {
  return resolve(process.env.RESNET_CACHE || envPaths('resnet', { suffix: '' }).cache);
}

/**
 * Makes a folder of the cache once: `fill` works in a temporary folder, which gets its name only when it is complete, so
 * a killed set-up leaves no half of it and two set-ups at once may both make it.
 *
 * @param name path inside the cache; it has to identify the content
 * @returns the folder's path
 * @throws whatever `fill` throws; nothing is left then
 */
export async function cachedFolder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  await withTemporaryFolder(async (temporary) => {
    const content = join(temporary, 'content');
    mkdirSync(content);
    await fill(content);
    await makeFolder(dirname(folder));
    publish(content, folder);
  });
  return folder;
}

/** Renames a complete folder; another set-up that was first has made the same one. */
function publish(complete: string, folder: string): void {
  try {
    renameSync(complete, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

/** Runs `work` with an empty folder of the cache, on the same file system as the rest of it, and removes it afterwards. */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(cacheFolder(), 'tmp', `${hostname()}.${process.pid}.${Math.random().toString(36).slice(2)}`);
  await makeFolder(folder);
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Removes the temporary folders of killed set-ups. Those of other machines that share the cache can't be judged here.
 * A killed set-up's compiler may still be writing to one; then that folder stays until the next time.
 */
export function removeAbandonedFolders(): void {
  const parent = join(cacheFolder(), 'tmp');
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    const [, host, pid] = /^(.+)\.(\d+)\.[a-z0-9]+$/.exec(name) ?? [];
    if (host !== hostname() || isAlive(Number(pid))) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // not now
    }
  }
}
