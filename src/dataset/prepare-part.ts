/** Makes images of one size of a part: its digests, its images from the cache or decoded, and what its parts share. */
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import type { DataChoice, LoadHooks } from './data-choice.ts';
import type { SharedImages } from './dataset.ts';
import type { FoundPart } from './formats/found.ts';
import { cachedImages } from './prepare/cache.ts';
import { countShared, digestOf, type PartDigest } from './prepare/digest.ts';
import { prepareImages } from './prepare/prepare-images.ts';
import type { PreparedPart } from './prepared-part.ts';

/**
 * Makes the images of a part: from the cache if they were made before. Pictures that are decoded are kept in it; see
 * `tellKept`.
 *
 * @param known the part's digests, where they have been computed already
 * @throws UserError (data) naming the first picture that cannot be read
 */
export async function preparePart(
  part: FoundPart,
  choice: DataChoice,
  hooks: LoadHooks,
  known?: PartDigest,
): Promise<PreparedPart> {
  const digest = part.sha256 === undefined ? (known ?? (await digestPart(part, choice, hooks))) : undefined;
  const { usual, fit = 'pad', skipBroken = false } = choice;
  const stored = part.sha256 !== undefined && part.images.kind === 'pixels' ? part.images : undefined; // of IDX files
  const size = choice.size ?? stored ?? usual?.size;
  const channels = choice.channels ?? stored?.channels ?? usual?.channels;
  const onProgress = (done: number, total: number) => hooks.onProgress?.({ doing: 'decoding', done, total });
  const work = { skipBroken, signal: hooks.signal, onProgress };
  const wanted = { size, channels, fit };
  const prepare = () => prepareImages(part, wanted, work);
  if (digest === undefined || part.images.kind === 'pixels') return { part, images: await prepare(), digest };
  const { sha256 } = digest;
  const { notice = () => {} } = hooks;
  const { images, isKept, cacheBytes } = await cachedImages({ sha256, wanted, skipBroken }, prepare, { notice });
  return { part, images, digest, ...(isKept ? { cacheBytes } : {}) };
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
  notice(`the decoded pictures are kept for the next start in ${folder}, ${megabytes} MB with those of other data`);
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
