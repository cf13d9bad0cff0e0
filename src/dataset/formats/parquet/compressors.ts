/** Decompresses pages of Parquet files into memory of the size that the page's header declares, and never more. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { decompressZstd, compressors as library } from 'hyparquet-compressors';

/**
 * One decompressor a codec. Gzip and Brotli are Node's own. Zstandard is given the memory to fill: left to itself it
 * takes what the data claim, 1 GB for 13 bytes.
 */
export const compressors: Compressors = {
  ...library,
  GZIP: (input, bytes) => gunzipSync(input, { maxOutputLength: Math.max(bytes, 1) }),
  BROTLI: (input, bytes) => brotliDecompressSync(input, { maxOutputLength: Math.max(bytes, 1) }),
  ZSTD: (input, bytes) => {
    const content = zstdContentBytes(input);
    if (content !== undefined && content !== bytes) throw new Error(`a page of ${content} bytes, not ${bytes}`);
    return decompressZstd(input, new Uint8Array(bytes));
  },
};

/**
 * Size of the content of a Zstandard frame (RFC 8878, 3.1.1.1), which its writers know. With memory to fill, the
 * decompressor does not tell how much of it the content filled.
 *
 * @returns undefined if the frame doesn't say
 */
function zstdContentBytes(frame: Uint8Array): number | undefined {
  const DESCRIPTOR = 4;
  const descriptor = frame[DESCRIPTOR] ?? 0;
  const isSingle = ((descriptor >>> 5) & 1) === 1; // then there is no byte for the window
  const sizeFlag = descriptor >>> 6;
  const sizeBytes = sizeFlag === 0 ? Number(isSingle) : 2 ** sizeFlag;
  if (sizeBytes === 0) return undefined;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  const begin = DESCRIPTOR + 1 + Number(!isSingle) + dictionaryBytes;
  const digits = frame.subarray(begin, begin + sizeBytes);
  const size = digits.reduceRight((value, byte) => value * 256 + byte, 0);
  return sizeBytes === 2 ? size + 256 : size;
}
