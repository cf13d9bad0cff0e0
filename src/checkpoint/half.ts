/** Float16 (IEEE 754's binary16) from and to float32. Node 20 has no Float16Array. */

/** The value of each of the 2^16 bit patterns. */
let table: Float32Array | undefined;

function valuesOfBits(): Float32Array {
  return Float32Array.from({ length: 2 ** 16 }, (_, bits) => {
    const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, (bits & 1023) / 1024];
    if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return exponent ? sign * 2 ** (exponent - 15) * (1 + fraction) : sign * 2 ** -14 * fraction;
  });
}

/** Values of bits of float16; exact. */
export function singleOfHalf(bits: Uint16Array): Float32Array {
  table ??= valuesOfBits();
  const values = new Float32Array(bits.length);
  for (let index = 0; index < bits.length; index++) values[index] = table[bits[index]!]!;
  return values;
}

/**
 * The nearest float16 of each value, ties to even.
 *
 * @returns bits; undefined if a value becomes infinite: its magnitude is at least 65,520
 */
export function halfOf(values: Float32Array): Uint16Array | undefined {
  const result = new Uint16Array(values.length);
  const bitsOf = new Uint32Array(1);
  const single = new Float32Array(bitsOf.buffer);
  for (let index = 0; index < values.length; index++) {
    const magnitude = Math.abs(values[index]!);
    if (!(magnitude < 65_520)) return undefined;
    // Below 2^-14 float16 counts in steps of 2^-24, from there on it keeps 10 of float32's 23 bits of fraction.
    single[0] = magnitude;
    const bits = bitsOf[0]!;
    const half =
      magnitude < 2 ** -14
        ? roundedToEven(magnitude * 2 ** 24)
        : ((bits + 0xfff + ((bits >> 13) & 1)) >> 13) - (112 << 10); // 112: difference of the exponents' biases
    result[index] = half | (Object.is(Math.sign(values[index]!), -1) || Object.is(values[index], -0) ? 0x8000 : 0);
  }
  return result;
}

function roundedToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return floor + (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? 1 : 0);
}
