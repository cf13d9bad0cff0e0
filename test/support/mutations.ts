/**
 * Damages valid files, as accident or malice would: bits flipped, pieces cut, dropped or inserted, numbers replaced.
 */
import fc from 'fast-check';

/** A number in a file's header. */
interface Field {
  readonly at: number;
  /** The number's bytes for a value, in the byte order of the format. */
  readonly encode: (value: bigint) => Buffer;
}

export function bigEndian32(at: number): Field {
  return { at, encode: (value) => sized(4, (bytes) => bytes.writeUInt32BE(Number(BigInt.asUintN(32, value)))) };
}

export function littleEndian16(at: number): Field {
  return { at, encode: (value) => sized(2, (bytes) => bytes.writeUInt16LE(Number(BigInt.asUintN(16, value)))) };
}

export function littleEndian32(at: number): Field {
  return { at, encode: (value) => sized(4, (bytes) => bytes.writeUInt32LE(Number(BigInt.asUintN(32, value)))) };
}

export function littleEndian64(at: number): Field {
  return { at, encode: (value) => sized(8, (bytes) => bytes.writeBigUInt64LE(BigInt.asUintN(64, value))) };
}

function sized(size: number, fill: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(size);
  fill(bytes);
  return bytes;
}

type Edit = (bytes: Buffer) => Buffer;

/** A place in a file of any length. */
const place = fc.nat(2 ** 16);

const flip: fc.Arbitrary<Edit> = fc.tuple(place, fc.nat(7)).map(([where, bit]) => (bytes) => {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[where % copy.length]! ^= 1 << bit;
  return copy;
});

const cut: fc.Arbitrary<Edit> = place.map((where) => (bytes) => bytes.subarray(0, where % Math.max(bytes.length, 1)));

const drop: fc.Arbitrary<Edit> = fc.tuple(place, fc.integer({ min: 1, max: 16 })).map(([where, length]) => (bytes) => {
  const begin = where % Math.max(bytes.length, 1);
  return Buffer.concat([bytes.subarray(0, begin), bytes.subarray(begin + length)]);
});

const insert: fc.Arbitrary<Edit> = fc
  .tuple(place, fc.uint8Array({ minLength: 1, maxLength: 16 }))
  .map(([where, piece]) => (bytes) => {
    const begin = where % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, begin), piece, bytes.subarray(begin)]);
  });

const number = fc.oneof(
  fc.bigInt({ min: 0n, max: 64n }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n),
);

function replace(fields: readonly Field[]): fc.Arbitrary<Edit> {
  return fc.tuple(fc.constantFrom(...fields), number).map(([{ at, encode }, value]) => (bytes) => {
    const field = encode(value);
    return Buffer.concat([bytes.subarray(0, at), field, bytes.subarray(at + field.length)]);
  });
}

/** @returns `valid` with one to three changes, of which some may undo each other */
export function mutated(valid: Buffer, fields: readonly Field[]): fc.Arbitrary<Buffer> {
  const edit = fc.oneof(flip, cut, drop, insert, replace(fields));
  return fc
    .array(edit, { minLength: 1, maxLength: 3 })
    .map((edits) => edits.reduce((bytes, change) => change(bytes), valid));
}

/** @returns `valid` with bytes missing or too many in one place */
export function resized(valid: Buffer): fc.Arbitrary<Buffer> {
  return fc.oneof(cut, drop, insert).map((change) => change(valid));
}

/** @returns `valid` with another number in a field */
export function renumbered(valid: Buffer, field: Field): fc.Arbitrary<Buffer> {
  return replace([field])
    .map((change) => change(valid))
    .filter((bytes) => !bytes.equals(valid));
}

/** The memory in buffers that `work` took, which stays counted until the garbage collector comes. */
export async function bufferBytes(work: () => unknown): Promise<number> {
  const before = process.memoryUsage().arrayBuffers;
  await work();
  return process.memoryUsage().arrayBuffers - before;
}
