/** Folders of the cache: each is made under another name, and renamed when it is whole. */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { ExitCode, UserError } from '../errors.ts';
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

/** Names of temporary folders: host, process, and characters drawn at random. */
export const TEMPORARY_NAME = /^(.+)\.(\d+)\.[a-z0-9]+$/;

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
 * Makes the cache's folder, if need be, and removes what killed set-ups left in it.
 *
 * @throws UserError (io) if it is none, or takes no files
 */
export async function openCache(): Promise<void> {
  const path = cacheFolder();
  try {
    await makeFolder(path);
    accessSync(path, constants.W_OK);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const problem = ['EEXIST', 'ENOTDIR'].includes(code) ? 'is no folder' : 'takes no files';
    const advice = 'name another folder in RESNET_CACHE';
    throw new UserError(`the cache ${path} ${problem} (${code}): ${advice}.`, ExitCode.io, { cause: error });
  }
  removeAbandonedFolders();
}

/**
 * Removes the temporary folders of killed set-ups. Folders of other machines that share the cache are kept, because
 * this machine cannot see whether their set-ups are running.
 */
export function removeAbandonedFolders(): void {
  for (const { path, isAbandoned } of temporaryFolders()) {
    if (!isAbandoned) continue;
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // The compiler of the killed set-up may still write to the folder; the next set-up tries again.
    }
  }
}

/** The process of a set-up that is running on this machine; undefined if none is. */
export function runningSetUp(): number | undefined {
  return temporaryFolders().find(({ isHere, isAbandoned }) => isHere && !isAbandoned)?.pid;
}

/** The temporary folders in the cache, and whether their processes are of this machine and have ended. */
function temporaryFolders(): { path: string; pid: number; isHere: boolean; isAbandoned: boolean }[] {
  const parent = join(cacheFolder(), 'tmp');
  if (!existsSync(parent)) return [];
  return readdirSync(parent).flatMap((name) => {
    const [, host, digits] = TEMPORARY_NAME.exec(name) ?? [];
    if (host === undefined) return [];
    const [pid, isHere] = [Number(digits), host === hostname()];
    return [{ path: join(parent, name), pid, isHere, isAbandoned: isHere && !isAlive(pid) }];
  });
}
