/**
 * The closed list of opcodes that are obeyed: those that Python's pickler writes for `torch.save`, in the versions 2 to 5
 * of the format. Their names are those of Python's pickletools.
 */
import { applied, persistent } from './rebuild.ts';
import type { UnpicklingState } from './unpickling-state.ts';
import { Bytes, Dict, Global, kindOf, List, Opaque, PickleFault, Tuple, type Value } from './values.ts';

type Obey = (state: UnpicklingState) => void;

/** The opcode that ends a pickle. */
export const STOP = 0x2e;

/** The newest version of the format, of Python 3.8. PyTorch writes version 2 unless it is told otherwise. */
const NEWEST_VERSION = 5;

/** An opcode that pushes a value. */
function push(value: (state: UnpicklingState) => Value): Obey {
  return (state) => state.push(value(state));
}

const shortText = push(({ input }) => input.text(input.byte()));
const text = push(({ input }) => input.text(input.uint32()));

export const OPCODES: ReadonlyMap<number, Obey> = new Map<number, Obey>([
  [0x80, ({ input }) => checkVersion(input.byte())], // PROTO
  [0x95, ({ input }) => void input.uint64()], // FRAME

  [0x4e, push(() => null)], // NONE
  [0x88, push(() => true)], // NEWTRUE
  [0x89, push(() => false)], // NEWFALSE
  [0x4b, push(({ input }) => input.byte())], // BININT1
  [0x4d, push(({ input }) => input.uint16())], // BININT2
  [0x4a, push(({ input }) => input.int32())], // BININT
  [0x8a, push((state) => state.input.integer(state.numberBytes(state.input.byte())))], // LONG1
  [0x8b, push((state) => state.input.integer(state.numberBytes(state.input.uint32())))], // LONG4
  [0x47, push(({ input }) => input.bigEndianFloat64())], // BINFLOAT
  [0x8c, shortText], // SHORT_BINUNICODE
  [0x58, text], // BINUNICODE
  [0x8d, push(({ input }) => input.text(input.uint64()))], // BINUNICODE8
  [0x55, shortText], // SHORT_BINSTRING: a text of Python 2
  [0x54, text], // BINSTRING
  [0x43, push(({ input }) => skipped(input.take(input.byte())))], // SHORT_BINBYTES
  [0x42, push(({ input }) => skipped(input.take(input.uint32())))], // BINBYTES
  [0x8e, push(({ input }) => skipped(input.take(input.uint64())))], // BINBYTES8
  [0x96, push(({ input }) => skipped(input.take(input.uint64())))], // BYTEARRAY8: version 5, NumPy's arrays too

  [0x5d, push(() => new List())], // EMPTY_LIST
  [0x7d, push(() => new Dict())], // EMPTY_DICT
  [0x29, push(() => new Tuple([]))], // EMPTY_TUPLE
  [0x8f, push(() => new Opaque('set'))], // EMPTY_SET
  [0x85, push((state) => new Tuple(state.popMany(1)))], // TUPLE1
  [0x86, push((state) => new Tuple(state.popMany(2)))], // TUPLE2
  [0x87, push((state) => new Tuple(state.popMany(3)))], // TUPLE3
  [0x74, push((state) => new Tuple(state.popToMark()))], // TUPLE
  [0x6c, push((state) => withValues(new List(), state.popToMark()))], // LIST
  [0x64, push((state) => withItems(new Dict(), state.popToMark()))], // DICT
  [0x91, push((state) => withValues(new Opaque('frozenset'), state.popToMark()))], // FROZENSET

  [0x28, (state) => state.mark()], // MARK
  [0x30, (state) => state.drop()], // POP
  [0x31, (state) => void state.popToMark()], // POP_MARK
  [0x32, push((state) => state.top())], // DUP
  [0x71, (state) => state.remember(state.input.byte())], // BINPUT
  [0x72, (state) => state.remember(state.input.uint32())], // LONG_BINPUT
  [0x94, (state) => state.remember()], // MEMOIZE
  [0x68, (state) => state.recall(state.input.byte())], // BINGET
  [0x6a, (state) => state.recall(state.input.uint32())], // LONG_BINGET

  [0x61, (state) => fill(state, withValues, state.popMany(1))], // APPEND
  [0x65, (state) => fill(state, withValues, state.popToMark())], // APPENDS
  [0x90, (state) => fill(state, withValues, state.popToMark())], // ADDITEMS
  [0x73, (state) => fill(state, withItems, state.popMany(2))], // SETITEM
  [0x75, (state) => fill(state, withItems, state.popToMark())], // SETITEMS

  [0x63, push(({ input }) => global(input.line(), input.line()))], // GLOBAL
  [0x93, push((state) => global(...state.popMany(2)))], // STACK_GLOBAL
  [0x51, (state) => state.pushPersistent(persistent(state.pop()))], // BINPERSID
  [0x52, push((state) => applied(...state.popMany(2)))], // REDUCE
  [0x81, push((state) => applied(...state.popMany(2)))], // NEWOBJ
  [0x92, push((state) => applied(state.popMany(3)[0]))], // NEWOBJ_EX
  [0x62, (state) => build(state.pop(), state.top())], // BUILD
]);

/** Characters of a class's name. It is looked at in each of its calls, which a hostile file may have a million of. */
const MOST_NAME_CHARACTERS = 1000;

function checkVersion(version: number): void {
  if (version <= NEWEST_VERSION) return;
  throw new PickleFault(`version ${version} of Python's pickle, expected at most ${NEWEST_VERSION}`);
}

function skipped(_: Buffer): Bytes {
  return new Bytes();
}

/** Puts values, which were on the stack, into the one below them. */
function fill(state: UnpicklingState, into: (target: Value, values: Value[]) => Value, values: Value[]): void {
  into(state.top(), values);
}

function withValues(target: Value, values: readonly Value[]): Value {
  if (target instanceof List) for (const value of values) target.items.push(value);
  else if (!(target instanceof Opaque)) throw new PickleFault(`appends to ${kindOf(target)}`);
  return target;
}

function withItems(target: Value, values: readonly Value[]): Value {
  if (values.length % 2 !== 0) throw new PickleFault('a key without a value');
  if (target instanceof Opaque) return target;
  if (!(target instanceof Dict)) throw new PickleFault(`sets items of ${kindOf(target)}`);
  for (let index = 0; index < values.length; index += 2) target.set(values[index]!, values[index + 1]!);
  return target;
}

function global(module?: Value, name?: Value): Global {
  if (typeof module === 'string' && typeof name === 'string') {
    const characters = module.length + name.length;
    if (characters <= MOST_NAME_CHARACTERS) return new Global(`${module}.${name}`);
    throw new PickleFault(`the name of a class has ${characters} characters, expected at most ${MOST_NAME_CHARACTERS}`);
  }
  throw new PickleFault(`the name of a class is ${kindOf(typeof module === 'string' ? name : module)}`);
}

/** Sets an object's fields. Those of a dictionary, such as `_metadata` of a state dict, mean nothing here. */
function build(state: Value, target: Value): void {
  if (target instanceof Opaque) {
    const fields = state instanceof Dict ? state.items : new Map<Value, Value>();
    target.isModule ||= fields.has('_parameters') && fields.has('_modules');
  } else if (!(target instanceof Dict || target instanceof Global)) {
    throw new PickleFault(`sets the fields of ${kindOf(target)}`);
  }
}
