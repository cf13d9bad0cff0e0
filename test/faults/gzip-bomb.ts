/** A gzip file that unpacks to far more than it is. */
import { constants, deflateRawSync, gzipSync } from 'node:zlib';

const BLOCK_BYTES = 2 ** 20;

/**
 * A gzip file that unpacks to `beginning` and then zeros, made in milliseconds: after a full flush a piece of deflate
 * refers to nothing before it and can be repeated. Its end is missing, because no one should get that far.
 *
 * @param zeros how many, in whole MiB
 */
export function zeroBomb(beginning: Uint8Array, zeros: number): Buffer {
  const header = gzipSync('').subarray(0, 10);
  const piece = (bytes: Uint8Array) => deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH });
  const block = piece(Buffer.alloc(BLOCK_BYTES));
  return Buffer.concat([header, piece(beginning), ...new Array<Buffer>(zeros / BLOCK_BYTES).fill(block)]);
}
