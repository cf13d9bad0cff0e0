/** The cache of fetched and compiled files: a folder outside the project, which `npm ci` does not remove. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { makeFolder } from '../make-folder.ts';
import { isAlive } from '../processes.ts';

/**
 * Makes a folder of the cache unless it exists. `fill` works in a temporary folder, which is renamed when it is
 * complete: a killed set-up leaves no incomplete folder, and two set-ups may make the same folder at once.
 *
 * @param name path inside the cache, which must identify the content
 * @param fill writes the content into the folder that it gets
 * @returns path of the folder
 * @throws the error of `fill`, after the temporary folder is removed
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

/** Renames a complete folder. If another set-up was faster, its folder has the same content and is kept. */
function publish(complete: string, folder: string): void {
  try {
    renameSync(complete, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

/** Runs `work` with an empty temporary folder on the cache's file system, and removes the folder afterwards. */
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
 * Removes the temporary folders of killed set-ups. Folders of other machines that share the cache are kept, because
 * this machine cannot see whether their set-ups are running.
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
      // The compiler of the killed set-up may still write to the folder; the next set-up tries again.
    }
  }
}
