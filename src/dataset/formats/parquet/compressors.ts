/** Decompresses pages of Parquet files into memory of the size that the page's header declares, and never more. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { decompressZstd, compressors as library } from 'hyparquet-compressors';

/**
 * One decompressor a codec. Gzip and Brotli are Node's own. Zstandard is given the memory to fill: left to itself it
 * takes what the data claim, up to 2 GB.
 */
export const compressors: Compressors = {
  ...library,
  GZIP: (input, bytes) => gunzipSync(input, { maxOutputLength: Math.max(bytes, 1) }),
  BROTLI: (input, bytes) => brotliDecompressSync(input, { maxOutputLength: Math.max(bytes, 1) }),
  ZSTD: (input, bytes) => decompressZstd(input, new Uint8Array(bytes)),
};
