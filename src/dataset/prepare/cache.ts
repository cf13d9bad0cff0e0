/** Keeps prepared images in the cache, so that a second start reads them and decodes nothing. */
import { createHash } from 'node:crypto';
import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../cache-folder.ts';
import type { Notice } from '../../errors.ts';
import type { Preparation } from '../../image/prepare/preparation.ts';
import { makeFolder } from '../../make-folder.ts';
import { openCacheFile, writeCacheFile } from './cache-file.ts';
import { CACHE_SUFFIX, makeRoom } from './cache-room.ts';
import { ImageArray } from './image-array.ts';
import { ImageFile, unwritten } from './image-file.ts';
import type { PixelFile } from './pixel-file.ts';
import type { PrepareHooks } from './prepare-images.ts';
import type { ImagesInMemory, PreparedImages, WantedImages } from './prepared-images.ts';

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
  /** Most bytes of pixels that are held in memory; pixels that are more stay in their file. Default: no limit. */
  readonly memoryBytes?: number | undefined;
  /** Default: `data` in the tool's cache folder. */
  readonly folder?: string | undefined;
  /** Default: 10 GB */
  readonly maxBytes?: number | undefined;
}

/** Prepared images, and what the cache did. */
export interface CachedImages<Images extends PreparedImages = PreparedImages> {
  readonly images: Images;
  readonly isFromCache: boolean;
  /** Whether they were put into the cache now. */
  readonly isKept: boolean;
  /** Size of all files of the cache in bytes. */
  readonly cacheBytes: number;
}

/** Prepares images into what `sinkFor` makes. */
type Prepare = (sinkFor: NonNullable<PrepareHooks['sinkFor']>) => Promise<PreparedImages>;

/**
 * Prepared images from the cache; else they are prepared and kept in it. A file that is damaged is made anew. That the
 * cache cannot be read or written is a notice and no error, unless the images stay in their file. Several processes may
 * use one cache at the same time.
 *
 * @throws UserError (io) if images that memory does not hold cannot be written
 * @throws what `prepare` throws
 */
export async function cachedImages(
  work: CachedWork,
  prepare: () => Promise<ImagesInMemory>,
  options: CacheOptions & { readonly memoryBytes?: undefined },
): Promise<CachedImages<ImagesInMemory>>;
export async function cachedImages(work: CachedWork, prepare: Prepare, options: CacheOptions): Promise<CachedImages>;
export async function cachedImages(work: CachedWork, prepare: Prepare, options: CacheOptions): Promise<CachedImages> {
  const { notice, folder = join(cacheFolder(), 'data') } = options;
  const { maxBytes = MAX_CACHE_BYTES, memoryBytes = Number.POSITIVE_INFINITY } = options;
  const key = keyOf(work);
  const path = join(folder, `${key}${CACHE_SUFFIX}`);
  const found = await readCached(path, key, memoryBytes, notice);
  if (found !== undefined) {
    return { images: found, isFromCache: true, isKept: false, cacheBytes: await makeRoom(folder, maxBytes, path) };
  }
  const place = { path, key, folder, maxBytes, memoryBytes, notice };
  const { images, isKept } = await preparedAndKept(prepare, place);
  const cacheBytes = await makeRoom(folder, maxBytes, isKept ? path : undefined);
  return { images, isFromCache: false, isKept, cacheBytes };
}

/** Where images are kept, and how many in memory. */
interface Place extends Required<CacheOptions> {
  readonly path: string;
  readonly key: string;
}

async function preparedAndKept(prepare: Prepare, place: Place): Promise<Pick<CachedImages, 'images' | 'isKept'>> {
  const { path, key, memoryBytes } = place;
  let file: ImageFile | undefined;
  const sinkFor = async (count: number, to: Preparation) => {
    await file?.discard(); // the pictures turned out not to be of one size
    file = undefined;
    const bytes = count * to.height * to.width * to.channels;
    if (bytes <= memoryBytes) return new ImageArray(count, to);
    await roomForFile(place, bytes);
    file = await ImageFile.create(path, count, to);
    return file;
  };
  try {
    const images = await prepare(sinkFor);
    const { pixels } = images;
    if (!(pixels instanceof Uint8Array)) {
      await file?.seal(key, images);
      return { images: await opened(images, pixels, memoryBytes), isKept: true };
    }
    const inMemory = { ...images, pixels };
    if (pixels.length <= memoryBytes) return { images, isKept: await keep(inMemory, place) };
    await roomForFile(place, pixels.length);
    return { images: await writtenOut(inMemory, place), isKept: true };
  } catch (error) {
    await file?.discard();
    throw error;
  }
}

/** Makes room for a file that has to be written, even if it is larger than the cache should be. */
async function roomForFile({ path, folder, maxBytes }: Place, bytes: number): Promise<void> {
  await makeFolder(folder).catch((error) => {
    throw unwritten(path, error);
  });
  await makeRoom(folder, Math.max(0, maxBytes - bytes));
}

/** Images of a file: in memory if they became few enough, which grey ones do. */
async function opened(images: PreparedImages, file: PixelFile, memoryBytes: number): Promise<PreparedImages> {
  if (file.count * file.imageBytes > memoryBytes) return images;
  const pixels = new Uint8Array(file.count * file.imageBytes);
  await file.read(0, pixels);
  await file.close();
  return { ...images, pixels };
}

/**
 * Images of which the pixels, which came in memory, are in a file now.
 *
 * @throws UserError (io) if it cannot be written
 */
async function writtenOut(images: ImagesInMemory, { path, key, memoryBytes }: Place): Promise<PreparedImages> {
  try {
    await writeCacheFile(path, key, images);
    const written = await openCacheFile(path, key, memoryBytes);
    if (written !== undefined) return written;
  } catch (error) {
    throw unwritten(path, error);
  }
  throw unwritten(path, new Error('it was damaged when it was read again'));
}

/** The name of prepared images: a hash of all that they depend on. */
function keyOf({ sha256, wanted: { size, channels, fit }, skipBroken }: CachedWork): string {
  const shape = [size === undefined ? 'auto' : `${size.height}x${size.width}`, fit, channels ?? 'auto'];
  const text = JSON.stringify([PREPARATION_VERSION, sha256, ...shape, skipBroken]);
  return createHash('sha256').update(text).digest('hex');
}

/** The images of a file, which is then the one used last; undefined if there is none that is whole. */
async function readCached(
  path: string,
  key: string,
  memoryBytes: number,
  notice: Notice,
): Promise<PreparedImages | undefined> {
  try {
    const images = await openCacheFile(path, key, memoryBytes);
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
async function keep(images: ImagesInMemory, { path, key, notice, folder, maxBytes }: Place): Promise<boolean> {
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
