/** Reads numbers and texts one after another from bytes in memory, and never beyond their end. */
import { Bytes } from './values.ts';

/** Thrown where the bytes end too early; a longer piece of the file may do. */
export class EndOfBytes extends Error {}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class ByteReader {
  readonly #bytes: Buffer;
  position: number;

  constructor(bytes: Buffer, position: number) {
    this.#bytes = bytes;
    this.position = position;
  }

  /** The next bytes, as a view. */
  take(count: number): Buffer {
    const begin = this.#skip(count);
    return this.#bytes.subarray(begin, begin + count);
  }

  byte(): number {
    return this.#bytes[this.#skip(1)]!;
  }

  uint16(): number {
    return this.#bytes.readUInt16LE(this.#skip(2));
  }

  int32(): number {
    return this.#bytes.readInt32LE(this.#skip(4));
  }

  uint32(): number {
    return this.#bytes.readUInt32LE(this.#skip(4));
  }

  /** A count of 64 bits. Beyond 2^53 it is rounded, and more than any bytes have. */
  uint64(): number {
    return Number(this.#bytes.readBigUInt64LE(this.#skip(8)));
  }

  bigEndianFloat64(): number {
    return this.#bytes.readDoubleBE(this.#skip(8));
  }

  /** A whole number in two's complement, little-endian; a bigint beyond 2^53. */
  integer(byteCount: number): number | bigint {
    const digits = Buffer.from(this.take(byteCount)).reverse().toString('hex');
    const value = digits === '' ? 0n : BigInt.asIntN(byteCount * 8, BigInt(`0x${digits}`));
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  /** A text; `Bytes` if it is no UTF-8. */
  text(byteCount: number): string | Bytes {
    const bytes = this.take(byteCount);
    try {
      return UTF8.decode(bytes);
    } catch {
      return new Bytes();
    }
  }

  /** A text up to the end of a line, without it. */
  line(): string | Bytes {
    const end = this.#bytes.indexOf(0x0a, this.position);
    if (end < 0) throw new EndOfBytes();
    const text = this.text(end - this.position);
    this.position++;
    return text;
  }

  /** Steps over bytes, and returns where they begin. */
  #skip(count: number): number {
    if (count > this.#bytes.length - this.position) throw new EndOfBytes();
    this.position += count;
    return this.position - count;
  }
}
