import { readFileSync, statSync } from 'node:fs';
import { constants, type Gunzip, gunzipSync } from 'node:zlib';
import { ExitCode, UserError } from '../errors.ts';
import { idxFault, MAX_IDX_BYTES, parseIdxHeader } from './idx.ts';

/**
 * Reads an IDX file whole, plain or gzipped: told apart by content, because browsers like to unpack a `.gz` and keep
 * its name.
 * @param rank the number of dimensions it should have
 * @returns the bytes, decompressed; from a gzipped file never more than its IDX header announces
 * @throws {UserError} exit 3 naming the file and what is wrong with it
 */
export function readIdxFile(path: string, rank: number): Uint8Array {
  const bytes = readBytes(path);
  const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return gzipped ? gunzipIdx(bytes, rank, path) : bytes;
}

function readBytes(path: string): Uint8Array {
  try {
    const stats = statSync(path);
    // Asked before opening: a named pipe would wait for ever.
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

function gunzipIdx(compressed: Uint8Array, rank: number, path: string): Uint8Array {
  try {
    // Deflate expands at most 1032 to 1, so this beginning is a megabyte at most, however hostile.
    const beginning = gunzipSync(compressed.subarray(0, 1024), { finishFlush: constants.Z_SYNC_FLUSH });
    const { fileBytes } = parseIdxHeader(beginning, rank, path);
    return gunzipWhole(compressed, fileBytes, path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const found = code === 'ERR_BUFFER_TOO_LARGE' ? 'more bytes than the IDX header announces' : message;
    throw idxFault(path, 'gzip', found, 'a whole, undamaged file; fetch it again');
  }
}

/** Node passes over whatever follows a zero byte behind the data; gzip itself allows zeros there, and nothing else. */
function gunzipWhole(compressed: Uint8Array, most: number, path: string): Uint8Array {
  const options = { maxOutputLength: most, info: true };
  const { buffer, engine } = gunzipSync(compressed, options) as unknown as { buffer: Buffer; engine: Gunzip };
  if (compressed.subarray(engine.bytesWritten).every((byte) => byte === 0)) return buffer;
  throw idxFault(path, 'gzip', 'bytes behind the end of the data', 'a whole, undamaged file; fetch it again');
}
