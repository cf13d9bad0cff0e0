/** PyTorch's names of types, as its files have them. */
import type { DType } from '../element-types.ts';

/**
 * Classes of storages. A quantised one has the type of its codes. `UntypedStorage` is counted in bytes, and whatever
 * looks into it brings its own type.
 */
export const STORAGE_TYPES: ReadonlyMap<string, DType> = new Map([
  ['torch.DoubleStorage', 'F64'],
  ['torch.FloatStorage', 'F32'],
  ['torch.HalfStorage', 'F16'],
  ['torch.BFloat16Storage', 'BF16'],
  ['torch.LongStorage', 'I64'],
  ['torch.IntStorage', 'I32'],
  ['torch.ShortStorage', 'I16'],
  ['torch.CharStorage', 'I8'],
  ['torch.ByteStorage', 'U8'],
  ['torch.BoolStorage', 'BOOL'],
  ['torch.ComplexFloatStorage', 'C64'],
  ['torch.ComplexDoubleStorage', 'C128'],
  ['torch.QInt8Storage', 'I8'],
  ['torch.QUInt8Storage', 'U8'],
  ['torch.QInt32Storage', 'I32'],
  ['torch.QUInt4x2Storage', 'U8'],
  ['torch.QUInt2x4Storage', 'U8'],
  ['torch.storage.UntypedStorage', 'U8'],
]);

/** Types that `_rebuild_tensor_v3` names. complex32 has no name in safetensors, and is not read either. */
export const TORCH_DTYPES: ReadonlyMap<string, DType> = new Map([
  ['torch.float64', 'F64'],
  ['torch.float32', 'F32'],
  ['torch.float16', 'F16'],
  ['torch.bfloat16', 'BF16'],
  ['torch.int64', 'I64'],
  ['torch.int32', 'I32'],
  ['torch.int16', 'I16'],
  ['torch.int8', 'I8'],
  ['torch.uint64', 'U64'],
  ['torch.uint32', 'U32'],
  ['torch.uint16', 'U16'],
  ['torch.uint8', 'U8'],
  ['torch.bool', 'BOOL'],
  ['torch.complex32', 'C64'],
  ['torch.complex64', 'C64'],
  ['torch.complex128', 'C128'],
  ['torch.float8_e4m3fn', 'F8_E4M3'],
  ['torch.float8_e4m3fnuz', 'F8_E4M3FNUZ'],
  ['torch.float8_e5m2', 'F8_E5M2'],
  ['torch.float8_e5m2fnuz', 'F8_E5M2FNUZ'],
  ['torch.float8_e8m0fnu', 'F8_E8M0'],
  ['torch.float4_e2m1fn_x2', 'F4'],
]);

/** Why values of a type cannot be read, and what to do; undefined if they can. */
export function problemOfType(dtype: DType): string | undefined {
  if (dtype.startsWith('C')) return 'is complex, which is not read; save its real part';
  const narrow = /^F([468])(_|$)/.exec(dtype);
  return narrow ? `is float${narrow[1]} (${dtype}), which is not read; save it as float32` : undefined;
}
