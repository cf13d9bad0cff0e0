/**
 * A checkpoint's own checksum: SHA-256 over all its bytes, with the sixty-four digits of the checksum itself, which
 * stand in the metadata, read as zeros.
 */
import { createHash } from 'node:crypto';

export const CHECKSUM_KEY = 'resnet.sha256';

/** What stands in the digits' place while the checksum is not known. */
export const BLANK_CHECKSUM = '0'.repeat(64);

const FIELD = Buffer.from(`"${CHECKSUM_KEY}":"`);

export class Checksum {
  /** Where in the file the digits stand. */
  readonly position: number;
  /** The digits that stand there. */
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
   * @param header the file's first bytes, up to and with the metadata
   * @returns undefined where there is not exactly one checksum in it
   */
  static of(header: Uint8Array): Checksum | undefined {
    const bytes = Buffer.from(header.buffer, header.byteOffset, header.byteLength);
    const position = bytes.indexOf(FIELD) + FIELD.length;
    if (position < FIELD.length || bytes.includes(FIELD, position)) return undefined;
    const written = bytes.toString('latin1', position, position + BLANK_CHECKSUM.length);
    return /^[0-9a-f]{64}$/.test(written) ? new Checksum(header, position, written) : undefined;
  }

  /** The bytes behind the header, in their order. */
  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** @returns the checksum of what was given; to be asked for once */
  digest(): string {
    return this.#hash.digest('hex');
  }
}
