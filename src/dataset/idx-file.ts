/** Reads IDX files from disk, plain or gzipped. */
import { readFileSync, statSync } from 'node:fs';
import { constants, type Gunzip, gunzipSync } from 'node:zlib';
import { ExitCode, UserError } from '../errors.ts';
import { bytesOfRank, type IdxKind, idxFault, MAX_IDX_BYTES, parseIdxHeader } from './idx.ts';

/** The first two bytes of a gzip file (RFC 1952). */
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/**
 * How many compressed bytes are unpacked to read an IDX header. Deflate expands at most 1032 to 1, so the result is at
 * most a megabyte, whatever the file contains.
 */
const GZIP_BEGINNING_BYTES = 1024;

/**
 * Reads a whole IDX file, plain or gzipped. The content decides which, because browsers may unpack a `.gz` file and
 * keep its name.
 *
 * @param kind what the file should be like; a number stands for unsigned bytes of so many dimensions
 * @returns the decompressed bytes; from a gzipped file never more than its IDX header announces
 * @throws UserError (data) naming the file and what is wrong with it
 */
export function readIdxFile(path: string, kind: IdxKind | number): Uint8Array {
  const bytes = readBytes(path);
  const gzipped = bytes[0] === GZIP_MAGIC[0] && bytes[1] === GZIP_MAGIC[1];
  return gzipped ? gunzipIdx(bytes, typeof kind === 'number' ? bytesOfRank(kind) : kind, path) : bytes;
}

/** Reads a whole file whose kind and size are those of an IDX file. */
function readBytes(path: string): Uint8Array {
  try {
    const stats = statSync(path);
    // Check before opening: opening a named pipe would wait for ever.
    if (!stats.isFile()) throw idxFault(path, 'kind', stats.isDirectory() ? 'a folder' : 'a device', 'an IDX file');
    if (stats.size === 0) throw idxFault(path, 'length', '0 bytes', 'an IDX file');
    if (stats.size > MAX_IDX_BYTES) throw idxFault(path, 'length', `${stats.size} bytes`, `at most ${MAX_IDX_BYTES}`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`${path}: cannot be read (${code}); check its permissions`, ExitCode.data, { cause: error });
  }
}

/** Decompresses a gzipped IDX file up to the size that its header announces. */
function gunzipIdx(compressed: Uint8Array, kind: IdxKind, path: string): Uint8Array {
  try {
    const compressedBeginning = compressed.subarray(0, GZIP_BEGINNING_BYTES);
    const beginning = gunzipSync(compressedBeginning, { finishFlush: constants.Z_SYNC_FLUSH });
    const { fileBytes } = parseIdxHeader(beginning, kind, path);
    return gunzipWhole(compressed, fileBytes, path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const found = code === 'ERR_BUFFER_TOO_LARGE' ? 'more bytes than the IDX header announces' : message;
    throw idxFault(path, 'gzip', found, 'a whole, undamaged file; fetch it again');
  }
}

/**
 * Decompresses a gzip file of at most `maxBytes` decompressed bytes. The format allows only zero bytes after the data;
 * Node ignores everything that follows a zero byte, so this function checks the rest.
 */
function gunzipWhole(compressed: Uint8Array, maxBytes: number, path: string): Uint8Array {
  const options = { maxOutputLength: maxBytes, info: true };
  const { buffer, engine } = gunzipSync(compressed, options) as unknown as { buffer: Buffer; engine: Gunzip };
  if (compressed.subarray(engine.bytesWritten).every((byte) => byte === 0)) return buffer;
  throw idxFault(path, 'gzip', 'bytes after the end of the data', 'a whole, undamaged file; fetch it again');
}
