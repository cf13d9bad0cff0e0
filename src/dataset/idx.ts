import { ExitCode, UserError } from '../errors.ts';

/**
 * IDX, the format of MNIST and its relatives (http://yann.lecun.com/exdb/mnist): two zero bytes, a type, a rank, one
 * big-endian 32-bit size for each dimension, then the values.
 */
const UNSIGNED_BYTE = 0x08;

/** The most bytes of one file, decompressed: what Node reads at once, and 40 times MNIST's training images. */
export const MAX_IDX_BYTES = 2 ** 31 - 1;

/** @returns a data error (exit 3) naming the file, the field at fault, what was found and what would be right */
export function idxFault(file: string, field: string, found: string | number, expected: string | number): UserError {
  return new UserError(`${file}: ${field}: found ${found}, expected ${expected}`, ExitCode.data);
}

function idxHeaderBytes(rank: number): number {
  return 4 + 4 * rank;
}

/**
 * Reads the header alone; `bytes` may be only the beginning of a file.
 * @returns the dimensions, and the exact number of bytes that a file with this header has
 * @throws {UserError} exit 3 naming the field at fault
 */
export function parseIdxHeader(
  bytes: Uint8Array,
  rank: number,
  file: string,
): { dimensions: number[]; fileBytes: number } {
  const headerBytes = idxHeaderBytes(rank);
  if (bytes.length < headerBytes) {
    throw idxFault(file, 'length', `${bytes.length} bytes`, `at least ${headerBytes}, the header of an IDX file`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const magic = view.getUint32(0);
  const type = view.getUint8(2);
  if (magic >>> 16 !== 0) throw idxFault(file, 'magic number', hex(magic, 8), hex((UNSIGNED_BYTE << 8) | rank, 8));
  if (type !== UNSIGNED_BYTE) throw idxFault(file, 'type', hex(type, 2), `${hex(UNSIGNED_BYTE, 2)} (unsigned byte)`);
  if (view.getUint8(3) !== rank) throw idxFault(file, 'rank', view.getUint8(3), rank);

  const dimensions = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const empty = dimensions.indexOf(0);
  if (empty >= 0) throw idxFault(file, `dimension ${empty}`, 0, 'at least 1');
  // At most 2⁹⁶: past 2⁵³ the product is rounded, but never to anything as small as the limit.
  const fileBytes = headerBytes + dimensions.reduce((product, size) => product * size);
  if (fileBytes > MAX_IDX_BYTES) {
    throw idxFault(file, 'dimensions', dimensions.join('×'), `at most ${MAX_IDX_BYTES} bytes in all`);
  }
  return { dimensions, fileBytes };
}

/**
 * @param bytes a whole IDX file of images, decompressed
 * @param file its name, for messages
 * @returns `pixels` is a view on `bytes` of shape [count, height, width], 0 (black) to 255
 * @throws {UserError} exit 3 naming the field at fault
 */
export function parseImages(
  bytes: Uint8Array,
  file: string,
): { count: number; height: number; width: number; pixels: Uint8Array } {
  const { dimensions, values } = parseIdx(bytes, 3, file);
  const [count, height, width] = dimensions as [number, number, number];
  return { count, height, width, pixels: values };
}

/**
 * @param bytes a whole IDX file of labels, decompressed
 * @param file its name, for messages
 * @returns a view on `bytes` of shape [count], each value below `classes`
 * @throws {UserError} exit 3 naming the field at fault
 */
export function parseLabels(bytes: Uint8Array, file: string, classes: number): Uint8Array {
  const { values: labels } = parseIdx(bytes, 1, file);
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) throw idxFault(file, `label ${wrong}`, labels[wrong]!, `0 to ${classes - 1}`);
  return labels;
}

function parseIdx(bytes: Uint8Array, rank: number, file: string): { dimensions: number[]; values: Uint8Array } {
  const { dimensions, fileBytes } = parseIdxHeader(bytes, rank, file);
  if (bytes.length !== fileBytes) {
    throw idxFault(file, 'length', `${bytes.length} bytes`, `${fileBytes} for dimensions ${dimensions.join('×')}`);
  }
  return { dimensions, values: bytes.subarray(idxHeaderBytes(rank)) };
}

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}
