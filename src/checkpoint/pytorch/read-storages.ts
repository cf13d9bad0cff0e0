/** Reads the storages of a file once, from the first to the last, and keeps of them what tensors need. */
import { crc32 } from 'node:zlib';
import { ELEMENT_BITS } from '../element-types.ts';
import { type OpenedFile, READ_BYTES, readInto } from '../file-reading.ts';
import type { TensorInfo } from '../scan.ts';
import { gather, type Layout } from './layout.ts';
import { checkSum, type Piece } from './piece.ts';

/** A tensor whose values are wanted. */
export interface WantedTensor {
  readonly name: string;
  readonly info: TensorInfo;
  readonly layout: Layout;
}

/**
 * Reads pieces, checks their checksums, and gathers the tensors in them.
 *
 * @param wanted pieces with the tensors in them that are wanted, perhaps none
 * @param found called with the values, little-endian, of each tensor when its whole piece has been read
 * @throws UserError (checkpoint) if a piece is damaged, (io) if reading fails
 */
export async function readStorages(
  file: OpenedFile,
  wanted: ReadonlyMap<Piece, readonly WantedTensor[]>,
  isBigEndian: boolean,
  found: (tensor: WantedTensor, bytes: Buffer) => void,
): Promise<void> {
  const pieces = [...wanted.keys()].toSorted((a, b) => a.position - b.position);
  const longest = pieces.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  const scratch = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, longest));
  for (const piece of pieces) {
    const tensors = wanted
      .get(piece)!
      .map((tensor) => ({ tensor, values: Buffer.allocUnsafeSlow(tensor.layout.bytes) }));
    if (tensors.length === 0 && piece.crc32 === undefined) continue;
    let sum = 0;
    for (let begin = 0; begin < piece.bytes; begin += scratch.length) {
      const bytes = scratch.subarray(0, Math.min(scratch.length, piece.bytes - begin));
      await readInto(bytes, file, piece.position + begin);
      if (piece.crc32 !== undefined) sum = crc32(bytes, sum);
      for (const { tensor, values } of tensors) gather(tensor.layout, bytes, begin, values);
    }
    checkSum(file, piece, sum);
    for (const { tensor, values } of tensors) {
      if (isBigEndian) swapBytes(values, ELEMENT_BITS[tensor.info.dtype] / 8);
      found(tensor, values);
    }
  }
}

/** Turns the bytes of each value round. */
function swapBytes(values: Buffer, width: number): void {
  if (width === 2) values.swap16();
  if (width === 4) values.swap32();
  if (width === 8) values.swap64();
}
