/** The types of tensors that can be fed to a graph and fetched from it. */
import type { NativeType, TensorData } from '../native/addons.ts';

export type DataType = 'float32' | 'int32' | 'int64' | 'uint8' | 'bool';

/** A tensor in JavaScript's memory. `data` is row-major; a `bool` is a byte that is 0 or 1. */
export interface HostTensor {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

interface DataTypeFacts {
  /** TensorFlow's number (types.proto). */
  readonly number: NativeType;
  readonly view: (buffer: ArrayBuffer) => TensorData;
}

export const DATA_TYPES: Readonly<Record<DataType, DataTypeFacts>> = {
  float32: { number: 1, view: (buffer) => new Float32Array(buffer) },
  int32: { number: 3, view: (buffer) => new Int32Array(buffer) },
  int64: { number: 9, view: (buffer) => new BigInt64Array(buffer) },
  uint8: { number: 4, view: (buffer) => new Uint8Array(buffer) },
  bool: { number: 10, view: (buffer) => new Uint8Array(buffer) },
};

const NAMES = Object.fromEntries(Object.entries(DATA_TYPES).map(([name, { number }]) => [number, name])) as Readonly<
  Record<NativeType, DataType>
>;

/** @returns the name of the type that TensorFlow's number stands for */
export function dataTypeOf(number: NativeType): DataType {
  return NAMES[number];
}
