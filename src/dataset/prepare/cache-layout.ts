/** The layout of a file of the cache: a prefix, the pixels of all images, then what is known of them. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { BrokenPicture, ImageFacts } from './image-facts.ts';

/** How the file begins. */
const MAGIC = Buffer.from('RESNETI2', 'latin1');

const HASH_BYTES = 32;

/** Where the prefix has the number of bytes of the pixels (64 bits), and of the header that follows them (32 bits). */
const PIXEL_BYTES_AT = MAGIC.length + HASH_BYTES;
const HEADER_BYTES_AT = PIXEL_BYTES_AT + 8;

/** Bytes before the pixels: the magic, the SHA-256 of all that follows the pixels, and two lengths. */
export const PREFIX_BYTES = HEADER_BYTES_AT + 4;

/** Largest header: it lists the broken pictures. */
const MAX_HEADER_BYTES = 64 * 2 ** 20;

/** Bytes that are written or read by one call. */
const PIECE_BYTES = 64 * 2 ** 20;

/** What the header says, in JSON. Numbers of 32 bits follow it: kept, sums, contents. */
interface Header {
  readonly key: string;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly hasColour: boolean;
  readonly hasContents: boolean;
  readonly broken: readonly BrokenPicture[];
}

/** What a file says of its images. */
export interface CachedFacts extends ImageFacts {
  /** CRC-32 of each image's pixels, [count]: a file that streams is read image by image, and never whole. */
  readonly sums: Uint32Array;
}

/** Numbers of 32 bits in the file are little-endian, as those of all machines that Node runs on but a few. */
const bytesOf = (numbers: Int32Array | Uint32Array) =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** The prefix of a file, and what follows its pixels. */
export function encodeFacts(
  key: string,
  { height, width, channels, hasColour, broken, kept, contents, sums }: CachedFacts,
): { readonly prefix: Buffer; readonly tail: Buffer } {
  const count = kept.length;
  const shape = { count, height, width, channels, hasColour, hasContents: contents !== undefined };
  const header = Buffer.from(JSON.stringify({ key, ...shape, broken } satisfies Header));
  const tail = Buffer.concat([header, ...[kept, sums, contents ?? new Int32Array()].map(bytesOf)]);
  const prefix = Buffer.alloc(PREFIX_BYTES);
  MAGIC.copy(prefix);
  createHash('sha256').update(tail).digest().copy(prefix, MAGIC.length);
  prefix.writeBigUInt64LE(BigInt(count * height * width * channels), PIXEL_BYTES_AT);
  prefix.writeUInt32LE(header.length, HEADER_BYTES_AT);
  return { prefix, tail };
}

/**
 * Reads what a file says of its images, and checks its size and the hash of what is read. The pixels, which are not
 * read, have their sums.
 *
 * @returns undefined if it is damaged, or was made for another key
 * @throws Node's system error if it cannot be read
 */
export async function readFacts(file: FileHandle, key: string): Promise<CachedFacts | undefined> {
  const { size } = await file.stat();
  const prefix = Buffer.alloc(PREFIX_BYTES);
  if (size < PREFIX_BYTES || !(await readAll(file, prefix, 0))) return undefined;
  const pixelBytes = Number(prefix.readBigUInt64LE(PIXEL_BYTES_AT));
  const headerBytes = prefix.readUInt32LE(HEADER_BYTES_AT);
  const tailBytes = size - PREFIX_BYTES - pixelBytes;
  if (!prefix.subarray(0, MAGIC.length).equals(MAGIC) || headerBytes > Math.min(MAX_HEADER_BYTES, tailBytes)) {
    return undefined;
  }
  const header = Buffer.alloc(headerBytes);
  if (!(await readAll(file, header, PREFIX_BYTES + pixelBytes))) return undefined;
  const fields = parsed(header.toString());
  if (fields?.key !== key) return undefined;
  const { count, height, width, channels, hasColour, hasContents, broken } = fields;
  const numberBytes = 4 * count * (hasContents ? 6 : 2);
  // Before anything is allocated.
  if (count * height * width * channels !== pixelBytes || headerBytes + numberBytes !== tailBytes) return undefined;
  const numbers = new Int32Array(numberBytes / 4);
  if (!(await readAll(file, bytesOf(numbers), PREFIX_BYTES + pixelBytes + headerBytes))) return undefined;
  const hash = createHash('sha256').update(header).update(bytesOf(numbers)).digest();
  if (!hash.equals(prefix.subarray(MAGIC.length, PIXEL_BYTES_AT))) return undefined;
  const kept = numbers.subarray(0, count);
  const sums = new Uint32Array(numbers.buffer, 4 * count, count);
  const contents = hasContents ? numbers.subarray(2 * count) : undefined;
  return { height, width, channels, hasColour, broken, kept, sums, contents };
}

/** A header; undefined if it is none. */
function parsed(text: string): Header | undefined {
  let header: Partial<Header> | null;
  try {
    header = JSON.parse(text) as Partial<Header> | null;
  } catch {
    return undefined;
  }
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  const isHeader =
    [header?.count, header?.height, header?.width].every(isCount) &&
    (header?.channels === 1 || header?.channels === 3) &&
    typeof header.hasColour === 'boolean' &&
    typeof header.hasContents === 'boolean' &&
    Array.isArray(header.broken);
  return isHeader ? (header as Header) : undefined;
}

/**
 * Writes all bytes: one call can succeed with fewer than it was given, on a full disk or at a size limit.
 *
 * @throws Node's system error
 */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const length = Math.min(PIECE_BYTES, bytes.length - done);
    const { bytesWritten } = await file.write(bytes, done, length, position + done);
    if (bytesWritten === 0) throw Object.assign(new Error('the disk took no more bytes'), { code: 'ENOSPC' });
    done += bytesWritten;
  }
}

/**
 * Fills an array from a file; whether the file had that many bytes.
 *
 * @throws Node's system error
 */
export async function readAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<boolean> {
  for (let done = 0; done < bytes.length; ) {
    const length = Math.min(PIECE_BYTES, bytes.length - done);
    const { bytesRead } = await file.read(bytes, done, length, position + done);
    if (bytesRead === 0) return false;
    done += bytesRead;
  }
  return true;
}
