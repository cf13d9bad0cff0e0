/** Pixels of images that lie in a file of the cache, and are read image by image. */
import { type FileHandle, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { ExitCode, UserError } from '../../errors.ts';
import { encodeFacts, PREFIX_BYTES, readAll, writeAll } from './cache-layout.ts';
import type { ImageFacts } from './image-facts.ts';

/**
 * Files in use, and where they were when they were opened. Node closes a handle that nothing refers to any more, and
 * calls that a fault of the program.
 */
const inUse = new Map<FileHandle, string>();

/** Paths of the files that this process uses. */
export function pathsInUse(): readonly string[] {
  return [...inUse.values()];
}

/**
 * Pixels in a file. The file may be removed meanwhile, as another process does that makes room in the cache: what is
 * open stays readable.
 */
export class PixelFile {
  /** Number of images. */
  readonly count: number;
  /** Bytes of one image. */
  readonly imageBytes: number;
  /** Where the file was when it was opened, for messages. */
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #sums: Uint32Array;

  /** @param sums CRC-32 of each image, [count] */
  constructor(path: string, file: FileHandle, imageBytes: number, sums: Uint32Array) {
    this.count = sums.length;
    this.imageBytes = imageBytes;
    this.#path = path;
    this.#file = file;
    this.#sums = sums;
    inUse.set(file, path);
  }

  /**
   * Reads `count` images, one after the other in the file.
   *
   * @param first index of the first
   * @param into [count × imageBytes]
   * @throws UserError (io) if they cannot be read, or are not those that were written
   */
  async read(first: number, into: Uint8Array): Promise<void> {
    const size = this.imageBytes;
    const isWhole = await readAll(this.#file, into, PREFIX_BYTES + first * size).catch((error) => {
      const problem = `cannot be read (${(error as NodeJS.ErrnoException).code}); check its disk, then start or resume again`;
      throw new UserError(`${this.#path}: ${problem}`, ExitCode.io, { cause: error });
    });
    for (let row = 0; row * size < into.length; row++) {
      if (isWhole && crc32(into.subarray(row * size, (row + 1) * size)) === this.#sums[first + row]) continue;
      await rm(this.#path, { force: true }).catch(() => {});
      const problem = `image ${first + row} in it was changed since it was written`;
      throw new UserError(
        `${this.#path}: ${problem}; it is removed: start or resume again, which makes it anew`,
        ExitCode.io,
      );
    }
  }

  /**
   * Writes images, one after the other.
   *
   * @param pixels [images × imageBytes]
   * @throws Node's system error
   */
  async write(first: number, pixels: Uint8Array): Promise<void> {
    const size = this.imageBytes;
    for (let row = 0; row * size < pixels.length; row++) {
      this.#sums[first + row] = crc32(pixels.subarray(row * size, (row + 1) * size));
    }
    await writeAll(this.#file, pixels, PREFIX_BYTES + first * size);
  }

  /** The same file with images of another number and size, none of which is written yet. */
  resized(count: number, imageBytes: number): PixelFile {
    return new PixelFile(this.#path, this.#file, imageBytes, new Uint32Array(count));
  }

  /**
   * Writes all but the pixels.
   *
   * @throws Node's system error
   */
  async seal(key: string, facts: ImageFacts): Promise<void> {
    const { prefix, tail } = encodeFacts(key, { ...facts, sums: this.#sums });
    const end = PREFIX_BYTES + this.count * this.imageBytes;
    await writeAll(this.#file, tail, end);
    await this.#file.truncate(end + tail.length);
    await writeAll(this.#file, prefix, 0);
  }

  async close(): Promise<void> {
    inUse.delete(this.#file);
    await this.#file.close();
  }
}
