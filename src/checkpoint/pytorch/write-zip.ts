/** Writes zip files as `torch.save` does: stored entries whose bytes begin at multiples of 64. */
import { crc32 } from 'node:zlib'; // fflate's own, in JavaScript, takes half of the time of an export
import { Zip, type ZipInputFile } from 'fflate';

/** An entry begins at a multiple of this, so that a reader can map the file into memory. */
const ALIGNMENT_BYTES = 64;

/** The extra field whose length aligns an entry: `FB`, as PyTorch and Facebook's tools before it call it. */
const PADDING_FIELD = 0x4246;

/** Bytes of a local header without its name, with the header of one extra field. */
const HEADER_BYTES = 30 + 4;

/** The earliest day of a zip file, in whatever time zone: the same entries give the same bytes. */
const DATE = new Date(1980, 0, 1, 12);

/** Bytes of the largest file without the fields of zip64, which fflate does not write. */
export const MAX_ZIP_BYTES = 2 ** 32 - 1;

/** An entry: its name, and its bytes, which are requested once, when they are to be written. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: () => Uint8Array;
}

/**
 * The bytes of a zip file of at most `MAX_ZIP_BYTES`. Each entry has its CRC-32 and sizes behind it and in the list at the
 * file's end, as PyTorch's have.
 *
 * @throws Error of fflate, such as for a name of more than 65,535 bytes
 */
export function* zipPieces(entries: Iterable<ZipEntry>): Generator<Uint8Array, void> {
  let pieces: Uint8Array[] = [];
  let end = 0;
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    pieces.push(piece);
    end += piece.length;
  });
  const written = () => {
    const ready = pieces;
    pieces = [];
    return ready;
  };
  for (const { name, bytes } of entries) {
    const data = bytes() as Uint8Array<ArrayBuffer>;
    const entry: ZipInputFile = {
      ...{ filename: name, size: data.length, crc: crc32(data), compression: 0, mtime: DATE },
      extra: { [PADDING_FIELD]: padding(end + HEADER_BYTES + Buffer.byteLength(name)) },
    };
    zip.add(entry);
    entry.ondata?.(null, data, true);
    yield* written();
  }
  zip.end();
  yield* written();
}

/** The bytes between a position and the next multiple of `ALIGNMENT_BYTES`: letters Z, as PyTorch's. */
function padding(position: number): Uint8Array {
  return new Uint8Array((ALIGNMENT_BYTES - (position % ALIGNMENT_BYTES)) % ALIGNMENT_BYTES).fill(0x5a);
}
