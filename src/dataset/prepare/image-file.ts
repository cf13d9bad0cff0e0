/** The file that prepared images are put into where memory does not hold them. */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExitCode, UserError } from '../../errors.ts';
import type { Preparation, PreparedPicture } from '../../image/prepare/preparation.ts';
import { compacted, firstChannel, type ImageSink } from './image-array.ts';
import { PixelFile } from './pixel-file.ts';
import type { BrokenPicture, PreparedImages } from './prepared-images.ts';
import { UnfinishedFile } from './unfinished-file.ts';

/** Images that are moved in the file at once, if some of those before them could not be decoded. */
const MOVED_AT_ONCE = 256;

/** A file of the cache in the making: prepared images of one size, written as they come. */
export class ImageFile implements ImageSink {
  done = 0;
  readonly #path: string;
  readonly #file: UnfinishedFile;
  readonly #to: Preparation;
  readonly #contents: Int32Array; // [count, 4]
  #pixels: PixelFile;
  #hasColour = false;
  #hasPadding = false;

  private constructor(path: string, file: UnfinishedFile, pixels: PixelFile, to: Preparation) {
    this.#path = path;
    this.#file = file;
    this.#pixels = pixels;
    this.#to = to;
    this.#contents = new Int32Array(4 * pixels.count);
  }

  /**
   * Begins the file.
   *
   * @param path its name once it is sealed, in a folder that is there
   * @throws UserError (io) if the disk has no room for so many images, or the file cannot be made
   */
  static async create(path: string, count: number, to: Preparation): Promise<ImageFile> {
    const imageBytes = to.height * to.width * to.channels;
    const bytes = count * imageBytes;
    try {
      const { bavail, bsize } = await statfs(dirname(path));
      const free = bavail * bsize;
      if (free < bytes) {
        throw noRoom(path, `they take ${megabytes(bytes, Math.ceil)}, and ${megabytes(free, Math.floor)} are free`);
      }
      const file = await UnfinishedFile.create(path);
      const pixels = new PixelFile(path, file.handle, imageBytes, new Uint32Array(count));
      return new ImageFile(path, file, pixels, to);
    } catch (error) {
      throw error instanceof UserError ? error : unwritten(path, error);
    }
  }

  async put(index: number, { pixels, content, hasColour }: PreparedPicture): Promise<void> {
    this.#contents.set([content.left, content.top, content.width, content.height], 4 * index);
    this.#hasColour ||= hasColour;
    this.#hasPadding ||= content.width < this.#to.width || content.height < this.#to.height;
    await this.#write(this.#pixels, index, pixels);
  }

  /** @throws UserError (io) if the file cannot be written */
  async images(
    kept: Int32Array,
    channels: 1 | 3 | undefined,
    broken: readonly BrokenPicture[],
  ): Promise<PreparedImages> {
    const { height, width } = this.#to;
    const isGrey = channels === undefined && !this.#hasColour;
    await this.#keep(kept, isGrey);
    return {
      ...{ height, width, kept, broken, hasColour: this.#hasColour, pixels: this.#pixels },
      channels: isGrey ? 1 : this.#to.channels,
      contents: this.#hasPadding ? compacted(this.#contents, kept, 4) : undefined,
    };
  }

  /**
   * Completes the file and gives it its name.
   *
   * @param key see `readFacts`
   * @throws UserError (io) if the file cannot be written
   */
  async seal(key: string, images: PreparedImages): Promise<void> {
    try {
      await this.#pixels.seal(key, images);
      await this.#file.finish();
    } catch (error) {
      throw unwritten(this.#path, error);
    }
  }

  /** Removes what was not sealed. */
  async discard(): Promise<void> {
    await this.#pixels.close();
    await this.#file.discard();
  }

  /** Moves the kept images together, and leaves one channel of grey ones. No place is written before it was read. */
  async #keep(kept: Int32Array, isGrey: boolean): Promise<void> {
    const from = this.#pixels;
    if (kept.length === from.count && !isGrey) return;
    const to = from.resized(kept.length, isGrey ? from.imageBytes / 3 : from.imageBytes);
    for (let begin = 0, end = 0; begin < kept.length; begin = end) {
      const first = kept[begin]!;
      for (end = begin + 1; end < begin + MOVED_AT_ONCE && kept[end] === first + end - begin; ) end += 1;
      const pixels = new Uint8Array((end - begin) * from.imageBytes);
      await from.read(first, pixels);
      await this.#write(to, begin, isGrey ? firstChannel(pixels) : pixels);
    }
    this.#pixels = to;
  }

  async #write(file: PixelFile, first: number, pixels: Uint8Array): Promise<void> {
    await file.write(first, pixels).catch((error) => {
      throw unwritten(this.#path, error);
    });
  }
}

/** The error of a file that cannot be written: a full disk, or a folder that may not be written to. */
export function unwritten(path: string, error: unknown): UserError {
  const { code, message } = error as NodeJS.ErrnoException;
  return noRoom(path, code ?? message, error);
}

function noRoom(path: string, why: string, cause?: unknown): UserError {
  return new UserError(
    `${dirname(path)}: takes no file with the images, which --data-memory does not hold (${why}); free some room, name ` +
      'another folder by RESNET_CACHE, or give a larger --data-memory',
    ExitCode.io,
    { cause },
  );
}

function megabytes(bytes: number, rounded: (value: number) => number): string {
  return `${rounded(bytes / 1e6).toLocaleString('en')} MB`;
}
