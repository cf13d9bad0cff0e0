/** Opens zip files of any source of bytes for yauzl, and guards it against places that are not in the source. */
import { Readable } from 'node:stream';
import yauzl from 'yauzl';

/** Bytes that a stream reads at a time. */
const PIECE_BYTES = 2 ** 18;

/** Fills a buffer with the source's bytes from a position on. */
type Fill = (buffer: Buffer, position: number) => Promise<void>;

/**
 * Opens a zip file. Whoever opened its source closes that.
 *
 * @param bytes length of the source
 * @param fill is asked for bytes inside the source alone; what it throws comes out of what is called on the zip file
 */
export function openZip(bytes: number, fill: Fill): Promise<yauzl.ZipFile> {
  return yauzl.fromRandomAccessReaderPromise(new ZipReader(bytes, fill), bytes, { autoClose: false });
}

/** Reads for yauzl, whose own reader throws where nobody can catch it if a file tells a place beyond 2^53. */
export class ZipReader extends yauzl.RandomAccessReader {
  readonly #bytes: number;
  readonly #fill: Fill;

  constructor(bytes: number, fill: Fill) {
    super();
    this.#bytes = bytes;
    this.#fill = fill;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    const reading = this.#guardedFill(buffer.subarray(offset, offset + length), position);
    reading.then(() => callback(null, length), callback);
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#pieces(start, end));
  }

  async *#pieces(start: number, end: number): AsyncGenerator<Buffer, void> {
    for (let at = start; at < end; at += PIECE_BYTES) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, end - at));
      await this.#guardedFill(piece, at);
      yield piece;
    }
  }

  async #guardedFill(buffer: Buffer, position: number): Promise<void> {
    if (!(position >= 0 && position + buffer.length <= this.#bytes)) {
      throw new Error('it tells a place beyond the end of the file');
    }
    await this.#fill(buffer, position);
  }
}
