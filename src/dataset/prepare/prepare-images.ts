/** Prepares the images of a part: decodes pictures, and brings all into one size and one number of channels. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ExitCode, UserError } from '../../errors.ts';
import { hasColour } from '../../image/prepare/colours.ts';
import type { Preparation } from '../../image/prepare/preparation.ts';
import { preparePicture } from '../../image/prepare/prepare-picture.ts';
import { preparePixels } from '../../image/prepare/prepare-pixels.ts';
import type { ImageSize } from '../../image/size.ts';
import type { FoundPart, PictureImages, PixelImages } from '../formats/found.ts';
import { ImageArray, type ImageSink } from './image-array.ts';
import { sizeForOne, sizeOfFirst, USUAL_SIZE } from './image-size.ts';
import { forEachIndex } from './in-flight.ts';
import type { BrokenPicture, ImagesInMemory, PreparedImages, WantedImages } from './prepared-images.ts';

/** Arrays that are prepared between two turns of the event loop: a few milliseconds. */
const ARRAYS_AT_ONCE = 64;

/** How preparing goes on and ends. */
export interface PrepareHooks {
  /** Whether pictures that cannot be decoded are left out; else the first of them is an error. */
  readonly skipBroken: boolean;
  /** Called after each image. It begins anew if pictures of one size turn out not to be. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Largest size of all images in bytes; default: see `ImageArray`. */
  readonly maxBytes?: number | undefined;
  /** Makes what the images are put into; default: an `ImageArray` of `maxBytes`. */
  readonly sinkFor?: ((count: number, to: Preparation) => Promise<ImageSink>) | undefined;
}

/**
 * Prepares the images of a part. Pictures are read and decoded several at a time, straight into the one array or file
 * that is returned. Arrays that are already as wanted are returned without a copy.
 *
 * @throws UserError (data) naming the first picture that cannot be decoded, or if none of them can; if the images are
 *   larger than `maxBytes`
 * @throws UserError (device) if sharp is not installed
 * @throws the signal's reason
 */
export async function prepareImages(
  part: FoundPart,
  wanted: WantedImages,
  hooks: PrepareHooks & { readonly sinkFor?: undefined },
): Promise<ImagesInMemory>;
export async function prepareImages(
  part: FoundPart,
  wanted: WantedImages,
  hooks: PrepareHooks,
): Promise<PreparedImages>;
export async function prepareImages(
  part: FoundPart,
  wanted: WantedImages,
  hooks: PrepareHooks,
): Promise<PreparedImages> {
  const { images } = part;
  if (images.kind === 'pixels') return prepareArrays(images, wanted, hooks);
  if (wanted.size !== undefined) return preparePictures(part, images, { ...wanted, size: wanted.size }, hooks);
  const first = await sizeOfFirst(part, images, hooks);
  const own = first === undefined ? USUAL_SIZE : sizeForOne(first);
  if (own !== USUAL_SIZE) {
    try {
      return await preparePictures(part, images, { ...wanted, size: own, isSizeOfAll: true }, hooks);
    } catch (error) {
      if (!(error instanceof AnotherSize)) throw error;
    }
  }
  return preparePictures(part, images, { ...wanted, size: USUAL_SIZE }, hooks);
}

async function sinkOf(count: number, to: Preparation, { sinkFor, maxBytes }: PrepareHooks): Promise<ImageSink> {
  return sinkFor ? sinkFor(count, to) : new ImageArray(count, to, maxBytes);
}

/** A picture has not the size of the others. */
class AnotherSize extends Error {}

/**
 * Prepares images that are pictures.
 *
 * @throws AnotherSize if all shall have the wanted size in their files and one has not
 */
async function preparePictures(
  { labels, nameOf }: FoundPart,
  { read }: PictureImages,
  wanted: WantedImages & { readonly size: ImageSize; readonly isSizeOfAll?: true },
  hooks: PrepareHooks,
): Promise<PreparedImages> {
  const count = labels.length;
  const { skipBroken, onProgress, signal } = hooks;
  const { size, fit, channels, isSizeOfAll = false } = wanted;
  const to: Preparation = { ...size, channels: channels ?? 3, fit };
  const prepared = await sinkOf(count, to, hooks);
  const problems = new Map<number, BrokenPicture>();
  const prepare = async (index: number) => {
    const name = nameOf(index);
    try {
      const { original, ...picture } = await preparePicture(await read(index), name, to);
      const isOther = original.height !== size.height || original.width !== size.width;
      if (isSizeOfAll && isOther) throw new AnotherSize();
      await prepared.put(index, picture);
    } catch (error) {
      if (!skipBroken || !(error instanceof UserError) || error.code !== ExitCode.data) throw error;
      problems.set(index, { name, problem: error.message });
    }
    onProgress?.(++prepared.done, count);
  };
  await forEachIndex(count, prepare, signal);
  const indices = Int32Array.from({ length: count }, (_, index) => index);
  const broken = [...indices].flatMap((index) => problems.get(index) ?? []);
  if (count > 0 && broken.length === count) {
    throw new UserError(`none of the ${count} pictures can be read; the first: ${broken[0]!.problem}`, ExitCode.data);
  }
  return prepared.images(
    indices.filter((index) => !problems.has(index)),
    channels,
    broken,
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
    const facts = { contents: undefined, hasColour: hasColour(images), kept, broken: [] };
    return { pixels, height, width, channels, ...facts };
  }
  const prepared = await sinkOf(count, to, hooks);
  for (let index = 0; index < count; index++) {
    if (index % ARRAYS_AT_ONCE === 0) await nextTurn(); // a signal can come, and a bar be drawn
    hooks.signal?.throwIfAborted();
    await prepared.put(index, preparePixels(pixels.subarray(index * length, (index + 1) * length), images, to));
    hooks.onProgress?.(++prepared.done, count);
  }
  return prepared.images(kept, to.channels, []);
}
