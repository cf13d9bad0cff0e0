/** The element types of tensors that can be fed to a graph and fetched from it. */

/** Names of the element types. */
export type DataType = 'float32' | 'float64' | 'int32' | 'int64' | 'uint8' | 'bool';

/** Typed arrays that hold a tensor's values. A `bool` is a byte of 0 or 1. */
export type TensorData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** A tensor in JavaScript's memory. */
export interface HostTensor {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  /** The values in row-major order. */
  readonly data: TensorData;
}

/** Properties of an element type. */
interface DataTypeFacts {
  /** TensorFlow's number of the type (types.proto). */
  readonly number: number;
  /** Class of the typed array that holds values of the type. */
  readonly array: { new (buffer: ArrayBufferLike, byteOffset: number, length: number): TensorData } & {
    readonly name: string;
    readonly BYTES_PER_ELEMENT: number;
  };
}

/** Properties of each element type. */
export const DATA_TYPES: Readonly<Record<DataType, DataTypeFacts>> = {
  float32: { number: 1, array: Float32Array },
  float64: { number: 2, array: Float64Array },
  int32: { number: 3, array: Int32Array },
  int64: { number: 9, array: BigInt64Array },
  uint8: { number: 4, array: Uint8Array },
  bool: { number: 10, array: Uint8Array },
};

/** TensorFlow's number of bfloat16 (types.proto), which only tensors inside a graph have. */
export const BFLOAT16 = 14;

const NAMES = new Map(Object.entries(DATA_TYPES).map(([name, { number }]) => [number, name as DataType]));

/** The data type with this TensorFlow number; undefined for types that are not supported here. */
export function dataTypeOf(number: number): DataType | undefined {
  return NAMES.get(number);
}

/** Bytes of an element of the type with this TensorFlow number; 0 for types that hold no numbers, or are not used here. */
export function bytesOfType(number: number): number {
  if (number === BFLOAT16) return 2;
  const type = dataTypeOf(number);
  return type === undefined ? 0 : DATA_TYPES[type].array.BYTES_PER_ELEMENT;
}
