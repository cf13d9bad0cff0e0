/**
 * A checkpoint's own checksum: the SHA-256 of all its bytes. The checksum is itself part of the file, in the metadata;
 * for the hash its 64 digits count as zeros.
 */
import { createHash } from 'node:crypto';

/** The metadata key of the checksum. */
export const CHECKSUM_KEY = 'resnet.sha256';

/** Placeholder for the digits while the checksum is not known yet. */
export const BLANK_CHECKSUM = '0'.repeat(64);

/** The bytes before the digits in the header's JSON. */
const FIELD_START = Buffer.from(`"${CHECKSUM_KEY}":"`);

/** Hashes a checkpoint piece by piece. */
export class Checksum {
  /** Position of the digits in the file, in bytes. */
  readonly position: number;
  /** The digits that the file has. */
  readonly written: string;
  readonly #hash = createHash('sha256');

  private constructor(header: Uint8Array, position: number, written: string) {
    this.position = position;
    this.written = written;
    const blanked = Buffer.from(header);
    blanked.write(BLANK_CHECKSUM, position);
    this.#hash.update(blanked);
  }

  /**
   * Begins a checksum with a file's header.
   *
   * @param header the file's bytes before the tensors
   * @returns undefined if the header does not hold exactly one checksum
   */
  static of(header: Uint8Array): Checksum | undefined {
    const bytes = Buffer.from(header.buffer, header.byteOffset, header.byteLength);
    const position = bytes.indexOf(FIELD_START) + FIELD_START.length;
    if (position < FIELD_START.length || bytes.includes(FIELD_START, position)) return undefined;
    const written = bytes.toString('latin1', position, position + BLANK_CHECKSUM.length);
    return /^[0-9a-f]{64}$/.test(written) ? new Checksum(header, position, written) : undefined;
  }

  /** Adds the bytes after the header, in order. */
  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** The checksum of the header and all added bytes. May be called once. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}
