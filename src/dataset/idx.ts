/**
 * Parses IDX, the format of MNIST and similar data sets (http://yann.lecun.com/exdb/mnist): two zero bytes, a type, a
 * rank, one big-endian 32-bit size for each dimension, then the values.
 */
import { ExitCode, UserError } from '../errors.ts';

/** IDX's type code of unsigned bytes: pixels, and nearly always labels. */
export const UNSIGNED_BYTE = 0x08;

/** IDX's type code of signed numbers of 32 bits: QMNIST's labels. */
export const INT32 = 0x0c;

/** The types that are read: their names in messages, and the bytes of a value. */
const TYPES: ReadonlyMap<number, { readonly name: string; readonly bytes: number }> = new Map([
  [UNSIGNED_BYTE, { name: 'unsigned byte', bytes: 1 }],
  [INT32, { name: 'int', bytes: 4 }],
]);

/** What an IDX file should be like. */
export interface IdxKind {
  /** Numbers of dimensions that it may have. */
  readonly ranks: readonly number[];
  /** Type codes that its values may have. */
  readonly types: readonly number[];
}

/** An IDX file of unsigned bytes with so many dimensions. */
export function bytesOfRank(rank: number): IdxKind {
  return { ranks: [rank], types: [UNSIGNED_BYTE] };
}

/**
 * Largest decompressed size of one file, in bytes: the most that Node reads at once, 45 times MNIST's training images.
 */
export const MAX_IDX_BYTES = 2 ** 31 - 1;

/** @returns a UserError (data) naming the file, the field at fault, the value found and the value expected */
export function idxFault(file: string, field: string, found: string | number, expected: string | number): UserError {
  return new UserError(`${file}: ${field}: found ${found}, expected ${expected}`, ExitCode.data);
}

/** Size of an IDX file's header in bytes. */
function idxHeaderBytes(rank: number): number {
  return 4 + 4 * rank;
}

/**
 * Reads the header of an IDX file.
 *
 * @param bytes the file or at least its beginning, decompressed
 * @param kind what the file should be like
 * @param file the file's name, for messages
 * @returns the type code, the dimensions, and the exact size in bytes of a file with this header
 * @throws UserError (data) naming the field at fault
 */
export function parseIdxHeader(
  bytes: Uint8Array,
  { ranks, types }: IdxKind,
  file: string,
): { type: number; dimensions: number[]; headerBytes: number; fileBytes: number } {
  const leastBytes = idxHeaderBytes(Math.min(...ranks));
  if (bytes.length < leastBytes) throw shortHeader(bytes, leastBytes, file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [magic, type, rank] = [view.getUint32(0), view.getUint8(2), view.getUint8(3)];
  if (magic >>> 16 !== 0) throw idxFault(file, 'magic number', hex(magic, 8), hex((types[0]! << 8) | ranks[0]!, 8));
  const valueBytes = TYPES.get(type)?.bytes;
  if (valueBytes === undefined || !types.includes(type)) {
    const expected = types.map((each) => `${hex(each, 2)} (${TYPES.get(each)?.name})`).join(' or ');
    throw idxFault(file, 'type', hex(type, 2), expected);
  }
  if (!ranks.includes(rank)) throw idxFault(file, 'rank', rank, ranks.join(' or '));
  const headerBytes = idxHeaderBytes(rank);
  if (bytes.length < headerBytes) throw shortHeader(bytes, headerBytes, file);

  const dimensions = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const empty = dimensions.indexOf(0);
  if (empty >= 0) throw idxFault(file, `dimension ${empty}`, 0, 'at least 1');
  // The product is at most 2⁹⁶. Beyond 2⁵³ it is rounded, but never to a number as small as the limit.
  const fileBytes = headerBytes + dimensions.reduce((product, size) => product * size, valueBytes);
  if (fileBytes > MAX_IDX_BYTES) {
    throw idxFault(file, 'dimensions', dimensions.join('×'), `at most ${MAX_IDX_BYTES} bytes in all`);
  }
  return { type, dimensions, headerBytes, fileBytes };
}

function shortHeader(bytes: Uint8Array, expected: number, file: string): UserError {
  return idxFault(file, 'length', `${bytes.length} bytes`, `at least ${expected}, the header of an IDX file`);
}

/**
 * Parses a whole IDX file.
 *
 * @param bytes the whole file, decompressed
 * @param kind what the file should be like
 * @param file the file's name, for messages
 * @returns the type code, the dimensions, and the bytes of the values, a view on `bytes`
 * @throws UserError (data) naming the field at fault
 */
export function parseIdx(
  bytes: Uint8Array,
  kind: IdxKind,
  file: string,
): { type: number; dimensions: number[]; values: Uint8Array } {
  const { type, dimensions, headerBytes, fileBytes } = parseIdxHeader(bytes, kind, file);
  if (bytes.length !== fileBytes) {
    throw idxFault(file, 'length', `${bytes.length} bytes`, `${fileBytes} for dimensions ${dimensions.join('×')}`);
  }
  return { type, dimensions, values: bytes.subarray(headerBytes) };
}

/** A number in hexadecimal, padded with zeros. */
function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}
