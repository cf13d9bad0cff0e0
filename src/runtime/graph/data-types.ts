/** The types of tensors that can be fed to a graph and fetched from it. */

export type DataType = 'float32' | 'float64' | 'int32' | 'int64' | 'uint8' | 'bool';

/** What holds the values of a tensor. `bool` is a byte that is 0 or 1. */
export type TensorData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** A tensor in JavaScript's memory. `data` is row-major. */
export interface HostTensor {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

interface DataTypeFacts {
  /** TensorFlow's number (types.proto). */
  readonly number: number;
  /** The typed array that holds its values. */
  readonly array: { new (buffer: ArrayBufferLike, byteOffset: number, length: number): TensorData } & {
    readonly name: string;
    readonly BYTES_PER_ELEMENT: number;
  };
}

export const DATA_TYPES: Readonly<Record<DataType, DataTypeFacts>> = {
  float32: { number: 1, array: Float32Array },
  float64: { number: 2, array: Float64Array },
  int32: { number: 3, array: Int32Array },
  int64: { number: 9, array: BigInt64Array },
  uint8: { number: 4, array: Uint8Array },
  bool: { number: 10, array: Uint8Array },
};

const NAMES = new Map(Object.entries(DATA_TYPES).map(([name, { number }]) => [number, name as DataType]));

/** @returns the name of the type that TensorFlow's number stands for; undefined for types that have none here */
export function dataTypeOf(number: number): DataType | undefined {
  return NAMES.get(number);
}
