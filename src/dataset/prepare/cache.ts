/** Keeps prepared images in the cache, so that a second start reads them and decodes nothing. */
import { createHash } from 'node:crypto';
import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../cache-folder.ts';
import type { Notice } from '../../errors.ts';
import { makeFolder } from '../../make-folder.ts';
import { readCacheFile, writeCacheFile } from './cache-file.ts';
import { CACHE_SUFFIX, makeRoom } from './cache-room.ts';
import type { PreparedImages, WantedImages } from './prepared-images.ts';

/** Most bytes of all files of the cache. */
const MAX_CACHE_BYTES = 10e9;

/** Goes up when other pixels are made of the same pictures. */
const PREPARATION_VERSION = 2;

/** What prepared images depend on. */
export interface CachedWork {
  /** Digest of the part; see `digestOf`. */
  readonly sha256: string;
  readonly wanted: WantedImages;
  readonly skipBroken: boolean;
}

/** Where the cache is, and how large it may be. */
export interface CacheOptions {
  readonly notice: Notice;
  /** Default: `data` in the tool's cache folder. */
  readonly folder?: string | undefined;
  /** Default: 10 GB */
  readonly maxBytes?: number | undefined;
}

/** Prepared images, and what the cache did. */
export interface CachedImages {
  readonly images: PreparedImages;
  readonly isFromCache: boolean;
  /** Whether they were put into the cache now. */
  readonly isKept: boolean;
  /** Size of all files of the cache in bytes. */
  readonly cacheBytes: number;
}

/**
 * Prepared images from the cache; else they are prepared and kept in it. A file that is damaged is made anew. That the
 * cache cannot be read or written is a notice and no error. Several processes may use one cache at the same time.
 *
 * @throws what `prepare` throws
 */
export async function cachedImages(
  work: CachedWork,
  prepare: () => Promise<PreparedImages>,
  options: CacheOptions,
): Promise<CachedImages> {
  const { notice, folder = join(cacheFolder(), 'data'), maxBytes = MAX_CACHE_BYTES } = options;
  const key = keyOf(work);
  const path = join(folder, `${key}${CACHE_SUFFIX}`);
  const found = await readCached(path, key, notice);
  if (found !== undefined) {
    return { images: found, isFromCache: true, isKept: false, cacheBytes: await makeRoom(folder, maxBytes, path) };
  }
  const images = await prepare();
  const isKept = await keep(path, key, images, { notice, folder, maxBytes });
  const cacheBytes = await makeRoom(folder, maxBytes, isKept ? path : undefined);
  return { images, isFromCache: false, isKept, cacheBytes };
}

/** The name of prepared images: a hash of all that they depend on. */
function keyOf({ sha256, wanted: { size, channels, fit }, skipBroken }: CachedWork): string {
  const shape = [size === undefined ? 'auto' : `${size.height}x${size.width}`, fit, channels ?? 'auto'];
  const text = JSON.stringify([PREPARATION_VERSION, sha256, ...shape, skipBroken]);
  return createHash('sha256').update(text).digest('hex');
}

/** The images of a file, which is then the one used last; undefined if there is none that is whole. */
async function readCached(path: string, key: string, notice: Notice): Promise<PreparedImages | undefined> {
  try {
    const images = await readCacheFile(path, key);
    if (images !== undefined) {
      const now = new Date();
      await utimes(path, now, now).catch(() => {}); // a folder that is only read stays as it is
      return images;
    }
    notice(`${path}: is damaged; it is made anew`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    notice(`${path}: cannot be read (${code}); the pictures are decoded again`);
  }
  await rm(path, { force: true }).catch(() => {});
  return undefined;
}

/** Keeps images in the cache, if its size and the disk allow it; whether they did. */
async function keep(
  path: string,
  key: string,
  images: PreparedImages,
  { notice, folder, maxBytes }: Required<Pick<CacheOptions, 'notice'>> & { folder: string; maxBytes: number },
): Promise<boolean> {
  const size = images.pixels.byteLength;
  if (size > maxBytes) {
    notice(`the prepared images (${size} bytes) are not kept: the cache holds at most ${maxBytes} bytes`);
    return false;
  }
  try {
    await makeFolder(folder);
    await makeRoom(folder, maxBytes - size);
    await writeCacheFile(path, key, images);
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    notice(`${folder}: the prepared images could not be kept (${code ?? message}); the next start decodes them again`);
    return false;
  }
}
