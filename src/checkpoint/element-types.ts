/** Types of a tensor's values, under the names of safetensors: how many bits one takes, and which can be read. */

/** Bits of one value, by type: all types that safetensors 0.8 and PyTorch 2.13 write. */
export const ELEMENT_BITS = {
  F64: 64,
  F32: 32,
  F16: 16,
  BF16: 16,
  I64: 64,
  I32: 32,
  I16: 16,
  I8: 8,
  U64: 64,
  U32: 32,
  U16: 16,
  U8: 8,
  BOOL: 8,
  C64: 64,
  C128: 128,
  F8_E4M3: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2: 8,
  F8_E5M2FNUZ: 8,
  F8_E8M0: 8,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F4: 4,
} as const;

/** Name of a type. */
export type DType = keyof typeof ELEMENT_BITS;

/** Whether a text is the name of a type. */
export function isDType(value: unknown): value is DType {
  return typeof value === 'string' && Object.hasOwn(ELEMENT_BITS, value);
}

/** Types of which weights may be; they become float32. */
export const WEIGHT_TYPES = ['F32', 'F16', 'BF16', 'F64'] as const satisfies DType[];

/** PyTorch's names of these types, for notices. */
export const WEIGHT_TYPE_NAMES = { F32: 'float32', F16: 'float16', BF16: 'bfloat16', F64: 'float64' } as const;

/** Types of which a counter may be: some users convert a whole state dict, counters too. */
export const COUNTER_TYPES = [
  ...WEIGHT_TYPES,
  ...(['I64', 'I32', 'I16', 'I8', 'U64', 'U32', 'U16', 'U8'] as const),
] as const satisfies DType[];

/**
 * Bytes of a tensor's values. Above 2⁵³ the number is rounded; the caller checks it by `Number.isSafeInteger`.
 *
 * @returns a number with a fraction if the last byte is not full
 */
export function bytesOf(dtype: DType, shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, ELEMENT_BITS[dtype] / 8);
}
