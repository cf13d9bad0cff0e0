/** The files of the cache that hold the prepared images of a part; `cache-layout.ts` says what is where. */
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { encodeFacts, PREFIX_BYTES, readAll, readFacts, writeAll } from './cache-layout.ts';
import { PixelFile } from './pixel-file.ts';
import type { ImagesInMemory, PreparedImages } from './prepared-images.ts';
import { UnfinishedFile } from './unfinished-file.ts';

/**
 * Writes a file of the cache.
 *
 * @throws Node's system error; nothing is left behind then
 */
export async function writeCacheFile(path: string, key: string, images: ImagesInMemory): Promise<void> {
  const { pixels, kept } = images;
  const { prefix, tail } = encodeFacts(key, { ...images, sums: sumsOf(pixels, kept.length) });
  const file = await UnfinishedFile.create(path);
  try {
    try {
      await writeAll(file.handle, prefix, 0);
      await writeAll(file.handle, pixels, PREFIX_BYTES);
      await writeAll(file.handle, tail, PREFIX_BYTES + pixels.length);
    } finally {
      await file.handle.close();
    }
    await file.finish();
  } finally {
    await file.discard();
  }
}

/**
 * Opens a file of the cache, and checks it.
 *
 * @param memoryBytes most bytes of pixels that are read into memory; pixels that are more stay in the file, and are
 *   checked when they are read
 * @returns undefined if it is damaged, or was made for another key
 * @throws Node's system error if it cannot be read
 */
export async function openCacheFile(
  path: string,
  key: string,
  memoryBytes: number,
): Promise<PreparedImages | undefined> {
  const file = await open(path, 'r');
  let isInUse = false;
  try {
    const found = await readFacts(file, key);
    if (found === undefined) return undefined;
    const { sums, ...facts } = found;
    const { height, width, channels } = facts;
    const imageBytes = height * width * channels;
    if (imageBytes * sums.length > memoryBytes) {
      isInUse = true;
      return { ...facts, pixels: new PixelFile(path, file, imageBytes, sums) };
    }
    const pixels = new Uint8Array(imageBytes * sums.length);
    if (!(await readAll(file, pixels, PREFIX_BYTES))) return undefined;
    return sumsOf(pixels, sums.length).every((sum, index) => sum === sums[index]) ? { ...facts, pixels } : undefined;
  } finally {
    if (!isInUse) await file.close();
  }
}

/** CRC-32 of each of `count` images. */
function sumsOf(pixels: Uint8Array, count: number): Uint32Array {
  const size = count === 0 ? 0 : pixels.length / count;
  return Uint32Array.from({ length: count }, (_, index) => crc32(pixels.subarray(index * size, (index + 1) * size)));
}
