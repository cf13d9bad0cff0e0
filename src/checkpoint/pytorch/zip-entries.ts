/** Lists the entries of a zip file. */
import { openZip } from '../../zip-reader.ts';
import { faultIn, type OpenedFile, readInto } from '../file-reading.ts';
import { quote } from '../quote.ts';
import type { Limits } from './limits.ts';
import type { Piece } from './piece.ts';

/** The compression method of an entry that is stored as it is. */
const STORED = 0;

/** An entry of a zip file. */
export interface Entry extends Piece {
  readonly isCompressed: boolean;
}

/**
 * The entries of a zip file by their names. Sizes and checksums come from the list at the file's end alone: PyTorch
 * leaves them out in front. Where that list has no checksum but zeros, the writer wrote none.
 *
 * @throws UserError (checkpoint) if the list is damaged, or an entry is encrypted or there twice
 */
export async function zipEntries(file: OpenedFile, limits: Limits): Promise<Map<string, Entry>> {
  let pieces: Map<string, Entry>;
  try {
    pieces = await list(file, limits);
  } catch (error) {
    if ((error as Error).name === 'UserError') throw error;
    const reason = quote((error as Error).message);
    throw faultIn(file.path, `is cut or damaged: it cannot be read as a zip file (${reason}); fetch it again`);
  }
  const hasSums = [...pieces.values()].some(({ bytes, crc32 }) => bytes > 0 && crc32 !== 0);
  return hasSums ? pieces : new Map([...pieces].map(([name, piece]) => [name, { ...piece, crc32: undefined }]));
}

async function list(file: OpenedFile, limits: Limits): Promise<Map<string, Entry>> {
  const zip = await openZip(file.bytes, (buffer, position) => readInto(buffer, file, position));
  const pieces = new Map<string, Entry>();
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    const { fileName, uncompressedSize: bytes, crc32 } = entry;
    const title = `entry ${quote(fileName)}`;
    const fault = (problem: string) => faultIn(file.path, `${title} ${problem}; save it again by torch.save`);
    if (pieces.size >= limits.entries) throw fault(`is one of more than ${limits.entries}`);
    if (pieces.has(fileName)) throw fault('is there twice');
    if (entry.isEncrypted()) throw fault('is encrypted');
    total += entry.compressedSize;
    if (total > file.bytes) throw fault(`and those before it claim ${total} bytes, more than the file has`);
    const { fileDataStart: position } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    pieces.set(fileName, { title, position, bytes, crc32, isCompressed: entry.compressionMethod !== STORED });
  }
  return pieces;
}
