/** The parts of the cache: what each holds, how large it is, and how all are removed. */
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { ExitCode, UserError } from '../errors.ts';

/** What the folders of the cache hold. Only they are counted and removed: the folder may be named by RESNET_CACHE. */
const PARTS = {
  wheels: "TensorFlow's libraries, as fetched",
  binaries: 'the binding and addons, as compiled',
  runtimes: 'the runtimes, assembled of both',
  data: 'decoded pictures',
  python: 'Python libraries for checks of a clone',
  packages: 'npm packages for checks of a clone',
  nodes: 'versions of Node for tests of a clone',
  tmp: 'what set-ups are working at',
} as const;

/** A folder of the cache. */
export interface CachePart {
  readonly name: string;
  readonly holds: string;
  readonly files: number;
  readonly bytes: number;
}

/** The cache's folder, and those of its parts that exist. */
export interface Cache {
  readonly path: string;
  readonly parts: readonly CachePart[];
}

/**
 * Finds the parts of the cache and their sizes. Links are not followed.
 *
 * @throws UserError (io) if a folder cannot be read
 */
export async function cacheParts(): Promise<Cache> {
  const path = cacheFolder();
  const parts: CachePart[] = [];
  for (const [name, holds] of Object.entries(PARTS)) {
    const size = await asUserError(path, () => sizeOf(join(path, name)));
    if (size !== undefined) parts.push({ name, holds, ...size });
  }
  return { path, parts };
}

/**
 * Removes the parts of the cache. A running command keeps what it has opened.
 *
 * @throws UserError (io) if something cannot be removed
 */
export async function clearCache(): Promise<void> {
  const path = cacheFolder();
  // The runtimes first: without them, no status names what is being removed.
  for (const name of ['runtimes', ...Object.keys(PARTS)]) {
    await asUserError(path, () => rm(join(path, name), { recursive: true, force: true }));
  }
}

/** Number and size of the files below a folder; undefined if it does not exist. */
async function sizeOf(folder: string): Promise<{ files: number; bytes: number } | undefined> {
  let [files, bytes] = [0, 0];
  try {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      files += 1;
      bytes += (await lstat(join(entry.parentPath, entry.name))).size;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // perhaps removed meanwhile
    throw error;
  }
  return { files, bytes };
}

async function asUserError<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, path: at = path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(`${at}: the cache cannot be changed or read (${code}); check its permissions`, ExitCode.io, {
      cause: error,
    });
  }
}
