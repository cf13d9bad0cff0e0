/** Tensors on the host, and their values from and to the types of files. */
import { ExitCode, UserError } from '../errors.ts';
import { bytesOf, ELEMENT_BITS } from './element-types.ts';
import { halfOf, singleOfHalf } from './half.ts';
import type { TensorInfo } from './scan.ts';

/** A tensor on the host, in row-major order. A type that a file may have beside these becomes one of the first two. */
export type Tensor =
  | { readonly dtype: 'F32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'I64'; readonly shape: readonly number[]; readonly data: BigInt64Array }
  /** Only to be written: the bits of float16. */
  | { readonly dtype: 'F16'; readonly shape: readonly number[]; readonly data: Uint16Array };

/**
 * A tensor of these bytes: of float32 where the values have fractions, else of int64. It is a view where the file has
 * that very type.
 *
 * @param bytes little-endian, in a buffer of their own
 * @param what the file and the tensor, for the message
 * @throws UserError (checkpoint) if values of this type are not read
 */
export function tensorOf({ dtype, shape }: TensorInfo, bytes: Buffer, what: string): Tensor {
  const { buffer, byteOffset, byteLength } = bytes;
  const count = (byteLength * 8) / ELEMENT_BITS[dtype];
  const floats = (values: ArrayLike<number>): Tensor => ({ dtype: 'F32', shape, data: Float32Array.from(values) });
  const integers = (values: ArrayLike<number>): Tensor => {
    return { dtype: 'I64', shape, data: BigInt64Array.from(values as ArrayLike<number> & Iterable<number>, BigInt) };
  };
  switch (dtype) {
    case 'F32':
      return { dtype, shape, data: new Float32Array(buffer, byteOffset, count) };
    case 'I64':
    case 'U64':
      return { dtype: 'I64', shape, data: new BigInt64Array(buffer, byteOffset, count) };
    case 'F64':
      return floats(new Float64Array(buffer, byteOffset, count));
    case 'F16':
      return { dtype: 'F32', shape, data: singleOfHalf(new Uint16Array(buffer, byteOffset, count)) };
    case 'BF16': {
      const bits = Uint32Array.from(new Uint16Array(buffer, byteOffset, count), (upper) => upper << 16);
      return { dtype: 'F32', shape, data: new Float32Array(bits.buffer) };
    }
    case 'I32':
      return integers(new Int32Array(buffer, byteOffset, count));
    case 'U32':
      return integers(new Uint32Array(buffer, byteOffset, count));
    case 'I16':
      return integers(new Int16Array(buffer, byteOffset, count));
    case 'U16':
      return integers(new Uint16Array(buffer, byteOffset, count));
    case 'I8':
      return integers(new Int8Array(buffer, byteOffset, count));
    case 'U8':
    case 'BOOL':
      return integers(new Uint8Array(buffer, byteOffset, count));
    default:
      throw new UserError(`${what} is ${dtype}, which is not read; save it as float32`, ExitCode.checkpoint);
  }
}

/**
 * The bytes of a tensor's values, little-endian, as a view; its data are requested once.
 *
 * @throws Error if there are more or fewer than its shape holds
 */
export function bytesOfTensor(name: string, tensor: Tensor): Uint8Array {
  const { dtype, shape } = tensor;
  const { buffer, byteOffset, byteLength, length } = tensor.data;
  if (byteLength === bytesOf(dtype, shape)) return new Uint8Array(buffer, byteOffset, byteLength);
  throw new Error(`${name}: ${length} values do not fill the shape [${shape}]`);
}

/**
 * A tensor of float16 with the nearest values, ties to even; counters stay as they are.
 *
 * @returns undefined if a value is beyond float16's largest, 65,504
 */
export function halved(tensor: Tensor): Tensor | undefined {
  if (tensor.dtype !== 'F32') return tensor;
  const data = halfOf(tensor.data);
  return data && { dtype: 'F16', shape: tensor.shape, data };
}
