/** What the functions, classes and persistent ids of PyTorch mean. Nothing is called: a name stands for a meaning. */
import { ELEMENT_BITS } from '../element-types.ts';
import { quote } from '../quote.ts';
import { LIMITS } from './limits.ts';
import { problemOfType, STORAGE_TYPES, TORCH_DTYPES } from './types.ts';
import { Dict, Global, kindOf, List, Opaque, PickleFault, Storage, StoredTensor, Tuple, type Value } from './values.ts';

/** The meaning of a call; undefined if the arguments are not those that PyTorch writes. */
type Meaning = (args: readonly Value[]) => Value | undefined;

/** Classes whose tensors are plain ones. */
const TENSOR_CLASSES = ['torch.Tensor', 'torch._tensor.Tensor', 'torch.nn.parameter.Parameter'];

/** The closed list of functions and classes that mean something here. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['collections.OrderedDict', ([pairs]) => orderedDict(pairs)],
  ['torch.Size', ([sizes]) => sizes],
  ['torch._utils._rebuild_tensor', (args) => tensor(args)],
  ['torch._utils._rebuild_tensor_v2', (args) => tensor(args, args[6])],
  ['torch._utils._rebuild_tensor_v3', (args) => typedTensor(args)],
  [
    'torch._utils._rebuild_qtensor',
    (args) => changed(tensor(args), { problem: 'is quantised; save its dequantize()' }),
  ],
  ['torch._utils._rebuild_parameter', ([data]) => data],
  ['torch._utils._rebuild_parameter_with_state', ([data]) => data],
  ['torch._tensor._rebuild_from_type_v2', ([rebuild, type, args]) => ofClass(type, rebuild, args)],
]);

/** Arguments that are looked at: a hostile file may give the same million to a million calls. */
const MOST_ARGUMENTS = 16;

/** What calling a function, or making an object of a class, gives. */
export function applied(callee?: Value, args?: Value): Value {
  if (callee instanceof Opaque) return new Opaque(callee.name, callee.isTensor);
  if (!(callee instanceof Global)) throw new PickleFault(`calls ${kindOf(callee)}`);
  const known = args instanceof Tuple ? MEANINGS.get(callee.name)?.(args.items) : undefined;
  return known ?? new Opaque(callee.name, makesTensor(callee.name, args));
}

/** Whether an unknown function is one by which PyTorch rebuilds tensors, or is given one to build on. */
function makesTensor(name: string, args: Value | undefined): boolean {
  if (/^torch\b.*\b_rebuild_/.test(name)) return true;
  return (
    args instanceof Tuple &&
    args.items.slice(0, MOST_ARGUMENTS).some((each) => each instanceof StoredTensor || each instanceof Storage)
  );
}

/**
 * Python 2 gave the items with the call, as a list of pairs; Python 3 sets them afterwards. The list is emptied, so that
 * a hostile file cannot have a long one copied again and again.
 */
function orderedDict(pairs: Value | undefined): Dict | undefined {
  const dict = new Dict();
  if (pairs === undefined) return dict;
  if (!(pairs instanceof List)) return undefined;
  for (const pair of pairs.items.splice(0)) {
    if (!(pair instanceof List || pair instanceof Tuple) || pair.items.length !== 2) return undefined;
    dict.set(pair.items[0]!, pair.items[1]!);
  }
  return dict;
}

/** @param marks the argument `metadata`: a dictionary of bits that change what the values mean, such as `neg` */
function tensor([storage, offset, shape, strides]: readonly Value[], marks?: Value): StoredTensor | undefined {
  const [sizes, steps] = [numbers(shape), numbers(strides)];
  if (!(storage instanceof Storage) || typeof offset !== 'number' || !sizes || !steps) return undefined;
  const problem = problemOfMarks(marks) ?? problemOfType(storage.dtype);
  return new StoredTensor({ storage, dtype: storage.dtype, offset, shape: sizes, strides: steps, problem });
}

/** A tensor that brings its own type, because its storage has none. */
function typedTensor(args: readonly Value[]): StoredTensor | undefined {
  const [type, marks] = [args[6], args[7]];
  const dtype = type instanceof Global ? TORCH_DTYPES.get(type.name) : undefined;
  return dtype && changed(tensor(args), { dtype, problem: problemOfMarks(marks) ?? problemOfType(dtype) });
}

/** PyTorch's own rule: an empty dictionary, or None, changes nothing. */
function problemOfMarks(marks: Value | undefined): string | undefined {
  if (marks === undefined || marks === null || (marks instanceof Dict && marks.items.size === 0)) return undefined;
  const [name] = marks instanceof Dict ? marks.items.keys() : [];
  return `has the mark ${quote(typeof name === 'string' ? name : kindOf(marks))}; save its resolve_conj().resolve_neg()`;
}

function changed(tensor: StoredTensor | undefined, fields: Partial<StoredTensor['fields']>): StoredTensor | undefined {
  return tensor && new StoredTensor({ ...tensor.fields, ...fields });
}

/** A tensor with Python attributes, which mean nothing here, or one of a class that computes with other values. */
function ofClass(type: Value | undefined, rebuild: Value | undefined, args: Value | undefined): Value | undefined {
  if (!(type instanceof Global)) return undefined;
  return TENSOR_CLASSES.includes(type.name) ? applied(rebuild, args) : new Opaque(type.name, true);
}

/** The tuple's own list, not a copy: a hostile file may give the same tuple to a million tensors. */
function numbers(value: Value | undefined): readonly number[] | undefined {
  if (!(value instanceof Tuple) || value.items.length > LIMITS.dimensions) return undefined;
  const { items } = value;
  return items.every((each) => typeof each === 'number') ? items : undefined;
}

/**
 * What a persistent id stands for: a storage (`('storage', class, key, location, count, view)`), wherever it was, or a
 * class of a network (`('module', class, …)`).
 */
export function persistent(id: Value | undefined): Value {
  if (!(id instanceof Tuple)) throw new PickleFault(`persistent id: ${kindOf(id)}, expected a tuple`);
  const [what, type, key, , count, view = null] = id.items;
  if (what === 'module' && type instanceof Global) return type;
  const name = type instanceof Global ? type.name : kindOf(type);
  const dtype = STORAGE_TYPES.get(name);
  if (what !== 'storage' || typeof key !== 'string' || !isCount(count))
    throw new PickleFault('persistent id: no storage');
  if (!dtype) return new Opaque(name); // it matters only if a wanted tensor is on it
  const elementBytes = ELEMENT_BITS[dtype] / 8;
  const rootBytes = count * elementBytes;
  if (view === null) return new Storage(key, dtype, { begin: 0, bytes: rootBytes, rootBytes });
  const [, begin, length] = view instanceof Tuple ? view.items : [];
  if (!isCount(begin) || !isCount(length) || begin + length > count) {
    throw new PickleFault(`storage ${quote(key)}: its view is beyond its ${count} values`);
  }
  return new Storage(key, dtype, { begin: begin * elementBytes, bytes: length * elementBytes, rootBytes });
}

/** Whether a value is a whole number from 0 on, and so small that its bytes are counted exactly. */
function isCount(value: Value | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 48;
}
