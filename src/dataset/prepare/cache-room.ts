/** Makes room in the cache of prepared images: the files that were not used for longest go first. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathsInUse } from './pixel-file.ts';

/** How the names of the cache's files end. */
export const CACHE_SUFFIX = '.images';

/** A temporary file that was not written to for so long belongs to no process any more. */
const STALE_MS = 3_600_000;

/** A file of the cache. */
interface CacheFile {
  readonly path: string;
  readonly size: number;
  /** When it was last used, in milliseconds; each use sets its time of change. */
  readonly used: number;
}

/**
 * Removes the files that were not used for longest, until all are at most so large together. Files that another process
 * removes or holds meanwhile do no harm. Those that this process uses stay: the next start needs them all.
 *
 * @param folder of the cache; it may not be there
 * @param maxBytes most bytes of all files
 * @param keep path of the file that stays
 * @returns size of what is left in bytes
 */
export async function makeRoom(folder: string, maxBytes: number, keep?: string): Promise<number> {
  const files = await cacheFiles(folder);
  let total = files.reduce((sum, { size }) => sum + size, 0);
  const kept = new Set([...pathsInUse(), keep]);
  for (const { path, size } of files.toSorted((one, other) => one.used - other.used)) {
    if (total <= maxBytes) break;
    if (kept.has(path)) continue;
    const isRemoved = await rm(path, { force: true }).then(
      () => true,
      () => false,
    );
    if (isRemoved) total -= size;
  }
  return total;
}

/** The files of the cache. Temporary files that a killed process left are removed. */
async function cacheFiles(folder: string): Promise<readonly CacheFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files: CacheFile[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const isTemporary = name.includes(`${CACHE_SUFFIX}.`) && name.endsWith('.tmp');
    if (!isTemporary && !name.endsWith(CACHE_SUFFIX)) continue;
    const stats = await stat(path).catch(() => undefined);
    if (!stats?.isFile()) continue;
    if (isTemporary && Date.now() - stats.mtimeMs > STALE_MS) await rm(path, { force: true }).catch(() => {});
    else if (!isTemporary) files.push({ path, size: stats.size, used: stats.mtimeMs });
  }
  return files;
}
