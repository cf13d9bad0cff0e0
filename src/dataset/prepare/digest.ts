/** Digests of a part: of all of it, and of each image, by which exact duplicates are found. */
import { createHash, hash as hashOnce } from 'node:crypto';
import { UserError } from '../../errors.ts';
import type { FoundPart } from '../formats/found.ts';
import { forEachIndex } from './in-flight.ts';

/** Digests of a part. */
export interface PartDigest {
  /**
   * SHA-256 in hexadecimal of the shape of arrays (`28x28x1`), the labels (16 bits each, little-endian) and the SHA-256
   * of each image, in order; the part's own, if its format has one.
   */
  readonly sha256: string;
  /** SHA-256 in hexadecimal of each image's pixels, or of its file's bytes; undefined if the file cannot be read. */
  readonly images: readonly (string | undefined)[];
  /** [count]: for each image the index of the first with equal bytes: its own if none comes before. */
  readonly twins: Int32Array;
}

/** How digests are computed. */
export interface DigestHooks {
  /** Whether files that cannot be read are left out; else the first of them is an error. */
  readonly skipBroken?: boolean | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Digests of a part. Each picture's file is read once, several at a time.
 *
 * @throws UserError (data) naming the first picture that cannot be read
 */
export async function digestOf(part: FoundPart, hooks: DigestHooks = {}): Promise<PartDigest> {
  const images = await imageDigests(part, hooks);
  return { sha256: part.sha256 ?? digestOfAll(part, images), images, twins: twinsOf(images) };
}

/** How many images of one part are in another too, byte for byte. */
export function countShared(one: PartDigest, other: PartDigest): number {
  const others = new Set(other.images);
  return one.images.filter((digest) => digest !== undefined && others.has(digest)).length;
}

async function imageDigests({ images, labels }: FoundPart, hooks: DigestHooks): Promise<(string | undefined)[]> {
  const count = labels.length;
  if (images.kind === 'pixels') {
    const length = images.height * images.width * images.channels;
    return Array.from({ length: count }, (_, index) =>
      sha256Of(images.pixels.subarray(index * length, (index + 1) * length)),
    );
  }
  const digests: (string | undefined)[] = Array.from({ length: count });
  let done = 0;
  const digest = async (index: number) => {
    try {
      digests[index] = sha256Of(await images.read(index));
    } catch (error) {
      if (!hooks.skipBroken || !(error instanceof UserError)) throw error;
    }
    hooks.onProgress?.(++done, count);
  };
  await forEachIndex(count, digest, hooks.signal);
  return digests;
}

/** SHA-256 in hexadecimal of an image's pixels, or of its file's bytes, as `PartDigest` has it. */
export function sha256Of(bytes: Uint8Array): string {
  return hashOnce('sha256', bytes); // half the time of a hash object where images are small
}

function digestOfAll({ labels, images: stored }: FoundPart, images: readonly (string | undefined)[]): string {
  const shape = stored.kind === 'pixels' ? `${stored.height}x${stored.width}x${stored.channels}` : '';
  const numbers = Buffer.alloc(2 * labels.length);
  for (const [index, label] of labels.entries()) numbers.writeUInt16LE(label, 2 * index);
  const hash = createHash('sha256').update(shape).update(numbers);
  for (const digest of images) hash.update(digest ?? 'none'); // hexadecimal never reads so
  return hash.digest('hex');
}

function twinsOf(images: readonly (string | undefined)[]): Int32Array {
  const first = new Map<string, number>();
  return Int32Array.from(images, (digest, index) => {
    if (digest === undefined) return index;
    const twin = first.get(digest);
    if (twin === undefined) first.set(digest, index);
    return twin ?? index;
  });
}
