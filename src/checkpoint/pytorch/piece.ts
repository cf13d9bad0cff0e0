/** A row of bytes in a file of PyTorch: a pickle, a storage, or an entry beside them. */
import { crc32 } from 'node:zlib';
import { faultIn, type OpenedFile, readBytes } from '../file-reading.ts';

export interface Piece {
  /** Its name, for messages. */
  readonly title: string;
  readonly position: number;
  readonly bytes: number;
  /** The checksum that was written with it; absent if there is none. */
  readonly crc32?: number | undefined;
}

/** Reads a small piece whole. */
export async function readPiece(file: OpenedFile, piece: Piece, mostBytes: number): Promise<Buffer> {
  if (piece.bytes > mostBytes) {
    throw faultIn(
      file.path,
      `${piece.title}: ${piece.bytes} bytes, which is more than any checkpoint needs (${mostBytes})`,
    );
  }
  const bytes = await readBytes(file, piece.position, piece.bytes);
  checkSum(file, piece, crc32(bytes));
  return bytes;
}

/** @throws UserError (checkpoint) if the checksum of what was read is not the one that was written */
export function checkSum({ path }: OpenedFile, { title, crc32: written }: Piece, found: number): void {
  if (written === undefined || written === found) return;
  throw faultIn(path, `${title} is damaged: its checksum (CRC-32) differs from the one in the file; fetch it again`);
}
