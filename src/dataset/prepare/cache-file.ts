/** The file of the cache that holds the prepared images of a part: a header in JSON, then the numbers. */
import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { BrokenPicture, PreparedImages } from './prepared-images.ts';

/** How the file begins. */
const MAGIC = Buffer.from('RESNETIM', 'latin1');

/** The magic, the SHA-256 of all that follows the prefix, and the header's length in 32 bits. */
const HASH_BYTES = 32;
const PREFIX_BYTES = MAGIC.length + HASH_BYTES + 4;

/** Largest header: it lists the broken pictures. */
const MAX_HEADER_BYTES = 64 * 2 ** 20;

/** Bytes that are written or read by one call. */
const PIECE_BYTES = 64 * 2 ** 20;

/** What the header says. The numbers follow in this order: pixels, kept, contents. */
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

/** Numbers of 32 bits in the file are little-endian, as those of all machines that Node runs on but a few. */
const bytesOf = (numbers: Uint8Array | Int32Array) =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/**
 * Writes a file of the cache: under a temporary name, then renamed, so that no reader sees a part of it.
 *
 * @returns its size in bytes
 * @throws Node's system error; nothing is left behind then
 */
export async function writeCacheFile(path: string, key: string, images: PreparedImages): Promise<number> {
  const { height, width, channels, hasColour, broken, kept, contents } = images;
  const shape = { count: kept.length, height, width, channels, hasColour, hasContents: contents !== undefined };
  const header = Buffer.from(JSON.stringify({ key, ...shape, broken } satisfies Header));
  const parts = [header, ...[images.pixels, kept, contents ?? new Int32Array()].map(bytesOf)];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  const prefix = Buffer.alloc(PREFIX_BYTES);
  MAGIC.copy(prefix);
  hash.digest().copy(prefix, MAGIC.length);
  prefix.writeUInt32LE(header.length, MAGIC.length + HASH_BYTES);
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      for (const part of [prefix, ...parts]) await writeAll(file, part);
    } finally {
      await file.close();
    }
    await rename(temporary, path); // without fsync: what a power cut loses is seen by the hash, and made anew
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  return [prefix, ...parts].reduce((sum, part) => sum + part.length, 0);
}

/**
 * Reads a file of the cache, and checks its size, its key and its hash.
 *
 * @returns undefined if it is damaged, or was made for another key
 * @throws Node's system error if it cannot be read
 */
export async function readCacheFile(path: string, key: string): Promise<PreparedImages | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const header = await readHeader(file, size, key);
    if (header === undefined) return undefined;
    const { count, height, width, channels, hasColour, hasContents, broken } = header.fields;
    const pixelBytes = count * height * width * channels;
    const numbers = count * (hasContents ? 5 : 1);
    if (header.end + pixelBytes + 4 * numbers !== size) return undefined; // before anything is allocated
    const pixels = new Uint8Array(pixelBytes);
    const rest = new Int32Array(numbers);
    const hash = createHash('sha256').update(header.text);
    let position = header.end;
    for (const part of [pixels, bytesOf(rest)]) {
      if (!(await readAll(file, part, position))) return undefined;
      hash.update(part);
      position += part.length;
    }
    if (!hash.digest().equals(header.hash)) return undefined;
    const contents = hasContents ? rest.subarray(count) : undefined;
    return { pixels, height, width, channels, contents, hasColour, kept: rest.subarray(0, count), broken };
  } finally {
    await file.close();
  }
}

/** The header of a file of this size; undefined if it is damaged or of another key. */
async function readHeader(file: FileHandle, size: number, key: string) {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  if (size < PREFIX_BYTES || !(await readAll(file, prefix, 0))) return undefined;
  const hash = prefix.subarray(MAGIC.length, MAGIC.length + HASH_BYTES);
  const length = prefix.readUInt32LE(MAGIC.length + HASH_BYTES);
  const end = PREFIX_BYTES + length;
  if (!prefix.subarray(0, MAGIC.length).equals(MAGIC) || length > MAX_HEADER_BYTES || end > size) return undefined;
  const text = Buffer.alloc(length);
  if (!(await readAll(file, text, PREFIX_BYTES))) return undefined;
  const fields = parsed(text.toString());
  return fields !== undefined && fields.key === key ? { fields, text, hash, end } : undefined;
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

/** Writes all bytes: one call can succeed with fewer than it was given, on a full disk or at a size limit. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, Math.min(PIECE_BYTES, bytes.length - done));
    if (bytesWritten === 0) throw Object.assign(new Error('the disk took no more bytes'), { code: 'ENOSPC' });
    done += bytesWritten;
  }
}

/** Fills an array from a file; whether the file had that many bytes. */
async function readAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<boolean> {
  for (let done = 0; done < bytes.length; ) {
    const length = Math.min(PIECE_BYTES, bytes.length - done);
    const { bytesRead } = await file.read(bytes, done, length, position + done);
    if (bytesRead === 0) return false;
    done += bytesRead;
  }
  return true;
}
