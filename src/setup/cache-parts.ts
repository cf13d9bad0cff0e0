/** The parts of the cache: what each holds, how large it is, and how all are removed. */
import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { ExitCode, UserError } from '../errors.ts';
import { runningSetUp, TEMPORARY_NAME } from './cache.ts';

/** A folder of the cache: what it holds, and the names that the tool gives in it. */
interface Part {
  readonly holds: string;
  readonly names: RegExp;
}

/**
 * The folders of the cache. Only what has such a name in them is counted and removed: RESNET_CACHE may name a folder in
 * which someone keeps `data` of another kind.
 */
export const PARTS: Readonly<Record<string, Part>> = {
  wheels: { holds: "TensorFlow's libraries, as fetched", names: /^(tensorflow|nvidia)-.*-[0-9a-f]{16}$/ },
  binaries: { holds: 'the binding and addons, as compiled', names: /-[0-9a-f]{16}$/ },
  runtimes: { holds: 'the runtimes, assembled of both', names: /^[0-9a-f]{16}(\.json)?(\.\d+)?$/ },
  data: { holds: 'decoded pictures', names: /^[0-9a-f]{64}\.images(\..*\.tmp)?$/ },
  python: { holds: 'Python libraries for checks of a clone', names: /^[0-9a-f]{16}$/ },
  packages: { holds: 'npm packages for checks of a clone', names: /^[\w.-]+@\d+\.\d+\.\d+/ },
  npm: { holds: 'versions of npm for checks of a clone', names: /^\d+\.\d+\.\d+$/ },
  bench: { holds: 'pictures for measurements of a clone', names: /^crops-\d+-\d+$/ },
  nodes: { holds: 'versions of Node for tests of a clone', names: /^\d+\.\d+\.\d+$/ },
  tmp: { holds: 'what set-ups are working at', names: TEMPORARY_NAME },
};

/** A folder of the cache, with the number and the bytes of the files in it. */
export interface CachePart {
  readonly name: string;
  readonly holds: string;
  readonly files: number;
  readonly bytes: number;
}

/** The cache's folder, and those of its parts that hold something. */
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
  for (const [name, { holds }] of Object.entries(PARTS)) {
    let [files, bytes] = [0, 0];
    for (const entry of await entriesOf(name)) {
      const size = await asUserError(entry, () => sizeOf(entry));
      files += size.files;
      bytes += size.bytes;
    }
    if (files > 0) parts.push({ name, holds, files, bytes });
  }
  return { path, parts };
}

/**
 * Removes the parts of the cache. A running command keeps what it has opened.
 *
 * @throws UserError (locked) while a set-up is running on this machine, (io) if something cannot be removed
 */
export async function clearCache(): Promise<void> {
  const process = runningSetUp();
  if (process !== undefined) {
    throw new UserError(`a set-up is running (process ${process}): wait for its end, or stop it`, ExitCode.locked);
  }
  // The runtimes first: without them, no status names what is being removed.
  for (const name of ['runtimes', ...Object.keys(PARTS)]) {
    for (const entry of await entriesOf(name)) {
      await asUserError(entry, () => rm(entry, { recursive: true, force: true }));
    }
    await rmdir(join(cacheFolder(), name)).catch(() => {}); // it may hold something else
  }
}

/** Paths of what the tool has put into a part; none if it does not exist. */
async function entriesOf(part: string): Promise<string[]> {
  const folder = join(cacheFolder(), part);
  const names = await asUserError(folder, () =>
    readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    }),
  );
  return names.filter((name) => PARTS[part]?.names.test(name)).map((name) => join(folder, name));
}

/** Number and size of the files at a path and below; nothing if it was removed meanwhile. */
async function sizeOf(path: string): Promise<{ files: number; bytes: number }> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats?.isDirectory()) return stats?.isFile() ? { files: 1, bytes: stats.size } : { files: 0, bytes: 0 };
  let [files, bytes] = [0, 0];
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    files += 1;
    bytes += (await lstat(join(entry.parentPath, entry.name))).size;
  }
  return { files, bytes };
}

async function asUserError<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, path: at = path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const isNoFolder = ['ENOTDIR', 'EEXIST'].includes(code);
    const problem = isNoFolder ? 'the cache is no folder' : 'the cache cannot be changed or read';
    const advice = isNoFolder ? 'name a folder in RESNET_CACHE' : 'check its permissions';
    throw new UserError(`${isNoFolder ? cacheFolder() : at}: ${problem} (${code}); ${advice}`, ExitCode.io, {
      cause: error,
    });
  }
}
