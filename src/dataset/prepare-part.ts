/** Makes images of one size of a part: its digests, its images from the cache or decoded, and what its parts share. */
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import type { DataChoice, LoadHooks } from './data-choice.ts';
import { imageBytes, type SharedImages } from './dataset.ts';
import type { FoundPart, PixelImages } from './formats/found.ts';
import { cachedImages } from './prepare/cache.ts';
import { countShared, digestOf, type PartDigest } from './prepare/digest.ts';
import { sizeForOne } from './prepare/image-size.ts';
import { prepareImages } from './prepare/prepare-images.ts';
import type { WantedImages } from './prepare/prepared-images.ts';
import type { PreparedPart } from './prepared-part.ts';

/**
 * Makes the images of a part: from the cache if they were made before. Pictures that are decoded are kept in it; see
 * `tellKept`. So are arrays that are more than memory shall hold.
 *
 * @param known the part's digests, where they have been computed already
 * @throws UserError (data) naming the first picture that cannot be read
 * @throws UserError (io) if images that are more than memory shall hold cannot be written to the cache
 */
export async function preparePart(
  found: FoundPart,
  choice: DataChoice,
  hooks: LoadHooks,
  known?: PartDigest,
): Promise<PreparedPart> {
  const digest = found.sha256 === undefined ? (known ?? (await digestPart(found, choice, hooks))) : undefined;
  const { usual, fit = 'pad', skipBroken = false, memoryBytes = Number.POSITIVE_INFINITY } = choice;
  const { images: source, ...part } = found;
  const stored = part.sha256 !== undefined && source.kind === 'pixels' ? source : undefined; // of IDX files
  const size = choice.size ?? stored ?? usual?.size;
  const channels = choice.channels ?? stored?.channels ?? usual?.channels;
  const onProgress = (done: number, total: number) => hooks.onProgress?.({ doing: 'decoding', done, total });
  const work = { skipBroken, signal: hooks.signal, onProgress };
  const wanted = { size: size && { height: size.height, width: size.width }, channels, fit };
  if (source.kind === 'pixels' && preparedBytes(source, wanted) <= memoryBytes) {
    return { part, images: await prepareImages(found, wanted, work), digest };
  }
  const sha256 = digest?.sha256 ?? part.sha256;
  if (sha256 === undefined) throw new Error('a part without a hash');
  const { images, isKept, cacheBytes } = await cachedImages(
    { sha256, wanted, skipBroken },
    (sinkFor) => prepareImages(found, wanted, { ...work, sinkFor }),
    { notice: hooks.notice ?? (() => {}), memoryBytes },
  );
  return { part, images, digest, ...(isKept ? { cacheBytes } : {}) };
}

/** Bytes of the pixels that arrays become. */
function preparedBytes(source: PixelImages, { size, channels = source.channels }: WantedImages): number {
  const { height, width } = size ?? sizeForOne(source);
  return (source.pixels.length / imageBytes(source)) * imageBytes({ height, width, channels });
}

/** Images that two parts of the data hold, byte for byte. */
export async function sharedImages(
  {
    train,
    val,
    test,
  }: { readonly train: PartDigest; readonly val?: PartDigest | undefined; readonly test?: FoundPart | undefined },
  choice: DataChoice,
  hooks: LoadHooks,
): Promise<SharedImages[]> {
  const tested = test && (await digestPart(test, { ...choice, skipBroken: true }, hooks));
  const pairs = [
    { parts: 'train and val', images: val ? countShared(train, val) : 0 },
    { parts: 'train and test', images: tested ? countShared(train, tested) : 0 },
    { parts: 'val and test', images: val && tested ? countShared(val, tested) : 0 },
  ];
  return pairs.filter(({ images }) => images > 0);
}

/** Tells the user once that pictures were decoded and kept, and how large the cache has become. */
export function tellKept(parts: readonly PreparedPart[], { notice = () => {} }: LoadHooks): void {
  const { cacheBytes } = parts.findLast((part) => part.cacheBytes !== undefined) ?? {};
  if (cacheBytes === undefined) return;
  const megabytes = Math.max(1, Math.round(cacheBytes / 1e6)).toLocaleString('en');
  const folder = join(cacheFolder(), 'data');
  notice(`the prepared images are kept for the next start in ${folder}, ${megabytes} MB with those of other data`);
}

/**
 * Digests of a part.
 *
 * @throws UserError (data) naming the first picture that cannot be read
 */
export function digestPart(part: FoundPart, { skipBroken }: DataChoice, hooks: LoadHooks): Promise<PartDigest> {
  const onProgress = (done: number, total: number) => hooks.onProgress?.({ doing: 'reading', done, total });
  return digestOf(part, { skipBroken, signal: hooks.signal, onProgress });
}
