/** Writes the pickle of a state dict: protocol 2, in the opcodes and globals that `torch.load(weights_only=True)` takes. */
import type { DType } from '../element-types.ts';
import type { TensorInfo } from '../scan.ts';

/** The class of a storage, by the type of its values: all that this tool writes. */
const STORAGES: Readonly<Partial<Record<DType, string>>> = {
  F32: 'FloatStorage',
  F16: 'HalfStorage',
  I64: 'LongStorage',
};

/** Opcodes of the pickle machine, under their names in Python's `pickletools`. */
const PROTO_2 = Buffer.from([0x80, 2]);
const MARK = Buffer.from('(');
const EMPTY_TUPLE = Buffer.from(')');
const TUPLE = Buffer.from('t');
const REDUCE = Buffer.from('R');
const SETITEMS = Buffer.from('u');
const BINPERSID = Buffer.from('Q');
const NEWFALSE = Buffer.from([0x89]);
const STOP = Buffer.from('.');

/**
 * The pickle of an OrderedDict of contiguous tensors: what `torch.save` writes of a state dict, but without a memo, which
 * no reader needs.
 *
 * @param tensors by name; each has a storage of its own, whose key is its place in this order: 0, 1, …
 * @throws Error if a type is none of those that this tool writes
 */
export function pickledStateDict(tensors: ReadonlyMap<string, TensorInfo>): Buffer {
  const items = [...tensors].flatMap(([name, tensor], index) => [text(name), ...tensorOf(tensor, String(index))]);
  return Buffer.concat([PROTO_2, ...emptyDict(), MARK, ...items, SETITEMS, STOP]);
}

/** A call of `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks)`. */
function tensorOf({ dtype, shape }: TensorInfo, key: string): Buffer[] {
  const storage = STORAGES[dtype];
  if (storage === undefined) throw new Error(`${dtype} is not written`);
  const count = shape.reduce((product, size) => product * size, 1);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  return [
    ...[global('torch._utils', '_rebuild_tensor_v2'), MARK],
    ...[...tuple([text('storage'), global('torch', storage), text(key), text('cpu'), integer(count)]), BINPERSID],
    ...[integer(0), ...tuple(shape.map(integer)), ...tuple(strides.map(integer)), NEWFALSE, ...emptyDict()],
    ...[TUPLE, REDUCE],
  ];
}

/** An empty OrderedDict. */
function emptyDict(): Buffer[] {
  return [global('collections', 'OrderedDict'), EMPTY_TUPLE, REDUCE];
}

function tuple(members: readonly Buffer[]): Buffer[] {
  return members.length === 0 ? [EMPTY_TUPLE] : [MARK, ...members, TUPLE];
}

function global(module: string, name: string): Buffer {
  return Buffer.from(`c${module}\n${name}\n`);
}

/** BINUNICODE. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from('X'), length, bytes]);
}

/** BININT, or LONG1 of 8 bytes beyond its 31 bits. */
function integer(value: number): Buffer {
  const isShort = value < 2 ** 31;
  const bytes = Buffer.alloc(isShort ? 4 : 8);
  if (isShort) bytes.writeInt32LE(value);
  else bytes.writeBigInt64LE(BigInt(value));
  return Buffer.concat([Buffer.from(isShort ? [0x4a] : [0x8a, 8]), bytes]);
}
