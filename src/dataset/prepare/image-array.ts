/** The array that prepared images are put into. */
import { constants } from 'node:buffer';
import { totalmem } from 'node:os';
import { ExitCode, UserError } from '../../errors.ts';
import type { Preparation, PreparedPicture } from '../../image/prepare/preparation.ts';
import type { BrokenPicture, PreparedImages } from './prepared-images.ts';

/** The largest array: Node 22 and later would take more than the machine has, which the system ends in mid-work. */
const MAX_BYTES = Math.min(constants.MAX_LENGTH, totalmem());

/** What prepared images are put into, in any order. */
export interface ImageSink {
  /** Images that were put, or found broken. */
  done: number;
  /** @throws UserError (io) if a file takes no more */
  put(index: number, picture: PreparedPicture): void | Promise<void>;
  /** The kept images; with `channels` undefined, one channel if no picture has colour. */
  images(
    kept: Int32Array,
    channels: 1 | 3 | undefined,
    broken: readonly BrokenPicture[],
  ): PreparedImages | Promise<PreparedImages>;
}

/** An array of images of one size. */
export class ImageArray implements ImageSink {
  done = 0;
  readonly #pixels: Uint8Array; // [count, height, width, channels]
  readonly #contents: Int32Array; // [count, 4]
  readonly #to: Preparation;
  #hasColour = false;
  #hasPadding = false;

  /**
   * @param maxBytes largest size of the array; default: the largest that Node has, and that the machine has memory for
   * @throws UserError (data) if the images are larger
   */
  constructor(count: number, to: Preparation, maxBytes: number = MAX_BYTES) {
    const { height, width, channels } = to;
    const bytes = count * height * width * channels;
    if (bytes > maxBytes) {
      const images = `${count} images of ${height}x${width} pixels with ${channels} channels`;
      throw new UserError(`${images} are ${bytes} bytes, more than ${maxBytes}; choose a smaller size`, ExitCode.data);
    }
    this.#pixels = new Uint8Array(bytes);
    this.#contents = new Int32Array(4 * count);
    this.#to = to;
  }

  put(index: number, { pixels, content, hasColour }: PreparedPicture): void {
    this.#pixels.set(pixels, index * pixels.length);
    this.#contents.set([content.left, content.top, content.width, content.height], 4 * index);
    this.#hasColour ||= hasColour;
    this.#hasPadding ||= content.width < this.#to.width || content.height < this.#to.height;
  }

  images(kept: Int32Array, channels: 1 | 3 | undefined, broken: readonly BrokenPicture[]): PreparedImages {
    const { height, width } = this.#to;
    const pixels = compacted(this.#pixels, kept, height * width * this.#to.channels);
    const contents = this.#hasPadding ? compacted(this.#contents, kept, 4) : undefined;
    const rest = { height, width, contents, hasColour: this.#hasColour, kept, broken };
    const isGrey = channels === undefined && !this.#hasColour;
    return isGrey
      ? { ...rest, pixels: firstChannel(pixels), channels: 1 }
      : { ...rest, pixels, channels: this.#to.channels };
  }
}

/** The kept rows of an array, moved together in place. */
export function compacted<Numbers extends Uint8Array | Int32Array>(
  rows: Numbers,
  kept: Int32Array,
  length: number,
): Numbers {
  for (const [to, from] of kept.entries()) {
    if (to !== from) rows.copyWithin(to * length, from * length, (from + 1) * length);
  }
  return rows.subarray(0, kept.length * length) as Numbers;
}

/** The first of three channels: that of a grey image is its grey level. */
export function firstChannel(pixels: Uint8Array): Uint8Array {
  const grey = new Uint8Array(pixels.length / 3);
  for (let at = 0; at < grey.length; at++) grey[at] = pixels[3 * at]!;
  return grey;
}
