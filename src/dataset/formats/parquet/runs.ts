/**
 * Unpacks runs of repeated numbers in pages of Parquet files (its RLE/bit-packing hybrid). The code is our own because a
 * run's length stands in the file, and hyparquet 1.33.0 writes as many numbers as it says: four damaged bytes take all
 * memory.
 */

/** Most bits of a number. */
const MOST_BITS = 32;

/**
 * Unpacks runs.
 *
 * @param bytes the runs
 * @param bitWidth bits of each number, at most 32
 * @param count how many numbers there should be; what runs hold beyond is padding
 * @returns [count]
 * @throws Error if the bytes end before that
 */
export function unpackRuns(bytes: Uint8Array, bitWidth: number, count: number): Uint32Array {
  if (bitWidth > MOST_BITS) throw new Error(`numbers of ${bitWidth} bits`);
  const numbers = new Uint32Array(count);
  let at = 0;
  for (let seen = 0; seen < count; ) {
    const { value: header, next } = variableNumber(bytes, at);
    const length = Math.floor(header / 2);
    const isPacked = header % 2 === 1; // then the length counts groups of eight
    const taken = Math.min(isPacked ? 8 * length : length, count - seen);
    const needed = isPacked ? Math.ceil((taken * bitWidth) / 8) : Math.ceil(bitWidth / 8);
    if (taken === 0 || next + needed > bytes.length) throw new Error('runs end before their page does');
    if (isPacked) for (let i = 0; i < taken; i++) numbers[seen + i] = bitsAt(bytes, 8 * next + i * bitWidth, bitWidth);
    else numbers.fill(bitsAt(bytes, 8 * next, bitWidth), seen, seen + taken);
    seen += taken;
    at = next + (isPacked ? length * bitWidth : needed);
  }
  return numbers;
}

/** A number of 7 bits a byte, the lowest first; the highest bit tells that another byte follows (LEB128). */
function variableNumber(bytes: Uint8Array, begin: number): { value: number; next: number } {
  const MOST_BYTES = 5;
  let value = 0;
  for (let i = 0; i < MOST_BYTES; i++) {
    const byte = bytes[begin + i];
    if (byte === undefined) throw new Error('runs end within a number');
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, next: begin + i + 1 };
  }
  throw new Error('the length of a run is too large');
}

/** A number of some bits that begins at a bit, the lowest bit first. */
function bitsAt(bytes: Uint8Array, begin: number, bitWidth: number): number {
  let value = 0;
  for (let got = 0; got < bitWidth; ) {
    const bit = begin + got;
    const take = Math.min(8 - (bit % 8), bitWidth - got);
    value += ((bytes[bit >>> 3]! >>> (bit % 8)) & (2 ** take - 1)) * 2 ** got;
    got += take;
  }
  return value;
}
