/** Prepares the images of a part: decodes pictures, and brings all into one size and one number of channels. */
import { constants } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ExitCode, UserError } from '../../errors.ts';
import type { Preparation, PreparedPicture } from '../../image/prepare/preparation.ts';
import { preparePicture } from '../../image/prepare/prepare-picture.ts';
import { preparePixels } from '../../image/prepare/prepare-pixels.ts';
import type { FoundPart, PixelImages } from '../formats/found.ts';
import { sizeForOne, sizeForPictures } from './image-size.ts';
import { forEachIndex } from './in-flight.ts';
import type { BrokenPicture, PreparedImages, WantedImages } from './prepared-images.ts';

/** Arrays that are prepared between two turns of the event loop: a few milliseconds. */
const ARRAYS_AT_ONCE = 64;

/** How preparing goes on and ends. */
export interface PrepareHooks {
  /** Whether pictures that cannot be decoded are left out; else the first of them is an error. */
  readonly skipBroken: boolean;
  /** Called after each image. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Largest size of all images in bytes; default: the largest array that Node has. */
  readonly maxBytes?: number | undefined;
}

/**
 * Prepares the images of a part. Pictures are read and decoded several at a time, straight into the one array that is
 * returned. Arrays that are already as wanted are returned without a copy.
 *
 * @throws UserError (data) naming the first picture that cannot be decoded, or if none of them can; if the images are
 *   larger than `maxBytes`
 * @throws UserError (device) if sharp is not installed
 * @throws the signal's reason
 */
export async function prepareImages(
  part: FoundPart,
  wanted: WantedImages,
  hooks: PrepareHooks,
): Promise<PreparedImages> {
  const { images, labels, nameOf } = part;
  if (images.kind === 'pixels') return prepareArrays(images, wanted, hooks);
  const count = labels.length;
  const size = wanted.size ?? (await sizeForPictures(images, count, nameOf, hooks));
  const to = { ...size, channels: wanted.channels ?? 3, fit: wanted.fit };
  const prepared = new ImageArray(count, to, hooks);
  const problems = new Map<number, BrokenPicture>();
  const prepare = async (index: number) => {
    const name = nameOf(index);
    try {
      prepared.put(index, await preparePicture(await images.read(index), name, to));
    } catch (error) {
      if (!hooks.skipBroken || !(error instanceof UserError) || error.code !== ExitCode.data) throw error;
      problems.set(index, { name, problem: error.message });
    }
    hooks.onProgress?.(++prepared.done, count);
  };
  await forEachIndex(count, prepare, hooks.signal);
  const indices = Int32Array.from({ length: count }, (_, index) => index);
  const broken = indices.filter((index) => problems.has(index));
  if (count > 0 && broken.length === count) {
    const [first] = problems.get(0)!.problem.split('\n');
    throw new UserError(`none of the ${count} pictures can be read; the first: ${first}`, ExitCode.data);
  }
  const kept = indices.filter((index) => !problems.has(index));
  return prepared.images(
    kept,
    wanted.channels,
    [...broken].map((index) => problems.get(index)!),
  );
}

/** Prepares images that are arrays of one size. */
async function prepareArrays(images: PixelImages, wanted: WantedImages, hooks: PrepareHooks): Promise<PreparedImages> {
  const { pixels, height, width, channels } = images;
  const to = { ...(wanted.size ?? sizeForOne(images)), channels: wanted.channels ?? channels, fit: wanted.fit };
  const length = height * width * channels;
  const count = length === 0 ? 0 : pixels.length / length;
  const kept = Int32Array.from({ length: count }, (_, index) => index);
  if (to.height === height && to.width === width && to.channels === channels) {
    const hasColour = channels === 3 && isColoured(pixels);
    return { pixels, height, width, channels, contents: undefined, hasColour, kept, broken: [] };
  }
  const prepared = new ImageArray(count, to, hooks);
  for (let index = 0; index < count; index++) {
    if (index % ARRAYS_AT_ONCE === 0) await nextTurn(); // a signal can come, and a bar be drawn
    hooks.signal?.throwIfAborted();
    prepared.put(index, preparePixels(pixels.subarray(index * length, (index + 1) * length), images, to));
    hooks.onProgress?.(++prepared.done, count);
  }
  return prepared.images(kept, to.channels, []);
}

/** Whether any pixel of three channels is not grey. */
function isColoured(pixels: Uint8Array): boolean {
  for (let at = 0; at < pixels.length; at += 3) {
    if (pixels[at] !== pixels[at + 1] || pixels[at] !== pixels[at + 2]) return true;
  }
  return false;
}

/** The array that prepared images are put into. */
class ImageArray {
  /** Images that were put, or found broken. */
  done = 0;
  readonly #pixels: Uint8Array; // [count, height, width, channels]
  readonly #contents: Int32Array; // [count, 4]
  readonly #to: Preparation;
  #hasColour = false;
  #hasPadding = false;

  constructor(count: number, to: Preparation, { maxBytes = constants.MAX_LENGTH }: PrepareHooks) {
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

  /** The kept images; with `channels` undefined, one channel if no picture has colour. */
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
function compacted<Numbers extends Uint8Array | Int32Array>(rows: Numbers, kept: Int32Array, length: number): Numbers {
  for (const [to, from] of kept.entries()) {
    if (to !== from) rows.copyWithin(to * length, from * length, (from + 1) * length);
  }
  return rows.subarray(0, kept.length * length) as Numbers;
}

/** The first of three channels: that of a grey image is its grey level. */
function firstChannel(pixels: Uint8Array): Uint8Array {
  const grey = new Uint8Array(pixels.length / 3);
  for (let at = 0; at < grey.length; at++) grey[at] = pixels[3 * at]!;
  return grey;
}
