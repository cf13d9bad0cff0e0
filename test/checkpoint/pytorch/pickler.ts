/** Writes pickles for tests: trees of plain values, and single opcodes. */
import { Bytes, Dict, List, Tuple, type Value } from '../../../src/checkpoint/pytorch/values.ts';

/** A value of a tree; `tuple` and `dict` are Python's. */
export type Tree =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Tree[]
  | { readonly tuple: readonly Tree[] }
  | { readonly dict: readonly (readonly [string, Tree])[] };

/** A whole pickle. */
export function pickled(tree: Tree, version: 2 | 4): Buffer {
  return Buffer.concat([Buffer.of(0x80, version), encoded(tree, version), Buffer.from('.')]);
}

function encoded(tree: Tree, version: 2 | 4): Buffer {
  if (tree === null) return Buffer.from('N');
  if (typeof tree === 'boolean') return Buffer.of(tree ? 0x88 : 0x89);
  if (typeof tree === 'bigint') return integer(tree);
  if (typeof tree === 'number') return Number.isSafeInteger(tree) && !Object.is(tree, -0) ? small(tree) : float(tree);
  if (typeof tree === 'string') return text(tree, version);
  if ('tuple' in tree) return tuple(tree.tuple.map((each) => encoded(each, version)));
  const [opening, one, many] = 'dict' in tree ? ['}', 's', 'u'] : [']', 'a', 'e'];
  const items = 'dict' in tree ? tree.dict.map((pair) => pair.flatMap((each) => [each])) : tree.map((each) => [each]);
  const contents = items.map((item) => Buffer.concat(item.map((each) => encoded(each, version))));
  const kept = Buffer.from(version === 2 ? 'q\x05' : '\x94', 'latin1'); // BINPUT, MEMOIZE
  if (items.length === 0) return Buffer.concat([Buffer.from(opening!), kept]);
  if (items.length === 1) return Buffer.concat([Buffer.from(opening!), kept, contents[0]!, Buffer.from(one!)]);
  return Buffer.concat([Buffer.from(opening!), kept, Buffer.from('('), ...contents, Buffer.from(many!)]);
}

function tuple(items: readonly Buffer[]): Buffer {
  if (items.length === 0) return Buffer.from(')');
  if (items.length <= 3) return Buffer.concat([...items, Buffer.of(0x84 + items.length)]);
  return Buffer.concat([Buffer.from('('), ...items, Buffer.from('t')]);
}

function text(value: string, version: 2 | 4): Buffer {
  const bytes = Buffer.from(value);
  if (version === 4 && bytes.length < 256) return Buffer.concat([Buffer.of(0x8c, bytes.length), bytes]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from('X'), length, bytes]);
}

function small(value: number): Buffer {
  if (value >= 0 && value < 2 ** 8) return Buffer.of(0x4b, value);
  if (value >= 0 && value < 2 ** 16) return Buffer.of(0x4d, value & 255, value >> 8);
  if (value !== (value | 0)) return integer(BigInt(value));
  const bytes = Buffer.alloc(5, 'J');
  bytes.writeInt32LE(value, 1);
  return bytes;
}

function integer(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = value; bytes.length === 0 || BigInt.asIntN(bytes.length * 8, value) !== value; rest >>= 8n) {
    bytes.push(Number(rest & 255n));
  }
  return Buffer.of(0x8a, bytes.length, ...bytes);
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(9, 'G');
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

/** The tree that a value is; whole numbers are bigints only beyond 2^53. */
export function treeOf(value: Value): Tree {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof List) return value.items.map(treeOf);
  if (value instanceof Tuple) return { tuple: value.items.map(treeOf) };
  if (value instanceof Dict) return { dict: [...value.items].map(([key, each]) => [key as string, treeOf(each)]) };
  throw new Error(value instanceof Bytes ? 'bytes' : `an unexpected value: ${value.kind}`);
}
