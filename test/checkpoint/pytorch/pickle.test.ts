/** Tests of the unpickler: it reads what a pickler wrote, obeys a closed list of opcodes, and keeps within its limits. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EndOfBytes } from '../../../src/checkpoint/pytorch/byte-reader.ts';
import { LIMITS, type Limits } from '../../../src/checkpoint/pytorch/limits.ts';
import { OPCODES, STOP } from '../../../src/checkpoint/pytorch/opcodes.ts';
import { unpickle } from '../../../src/checkpoint/pytorch/pickle.ts';
import { stateDictIn } from '../../../src/checkpoint/pytorch/state-dict.ts';
import {
  type Dict,
  Global,
  type List,
  Opaque,
  PickleFault,
  type StoredTensor,
  type Value,
} from '../../../src/checkpoint/pytorch/values.ts';
import { pickled, type Tree, treeOf } from './pickler.ts';

const wholeNumber = fc.bigInt({ min: -(2n ** 100n), max: 2n ** 100n }).map((value): Tree => {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
});
const name = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constant('__proto__'));
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    ...[fc.constant(null), fc.boolean(), fc.integer(), fc.double(), wholeNumber, name],
    fc.array(tie('tree'), { maxLength: 5 }),
    fc.array(tie('tree'), { maxLength: 5 }).map((tuple) => ({ tuple })),
    fc.uniqueArray(fc.tuple(name, tie('tree')), { maxLength: 5, selector: ([key]) => key }).map((dict) => ({ dict })),
  ),
}));

test('a tree of values that was pickled is read back', () => {
  const property = fc.property(tree, fc.constantFrom(2 as const, 4 as const), fc.nat(5), (value, version, before) => {
    const bytes = pickled(value, version);
    const read = unpickle(Buffer.concat([Buffer.alloc(before), bytes, Buffer.from('rest')]), before, LIMITS);
    expect(treeOf(read.value)).toEqual(value);
    expect(read.end).toBe(before + bytes.length);
  });
  fc.assert(property, { numRuns: 1000 });
});

/** The value of a pickle that is written in Latin-1, without the stop at its end. */
function valueIn(opcodes: string, limits: Partial<Limits> = {}): Value {
  return unpickle(Buffer.from(`${opcodes}.`, 'latin1'), 0, { ...LIMITS, ...limits }).value;
}

test('a class that is not known becomes an opaque value, whatever is done to it', () => {
  const made = valueIn('cos\nsystem\nX\x02\0\0\0ls\x85R}X\x01\0\0\0aK\x01sbX\x01\0\0\0bK\x02s');
  expect(made).toEqual(new Opaque('os.system'));
  expect(valueIn('cargparse\nNamespace\n)\x81}b')).toEqual(new Opaque('argparse.Namespace'));
  expect(valueIn('cbuiltins\neval\n')).toEqual(new Global('builtins.eval'));
  expect(valueIn('cfunctools\npartial\n)}\x92K\x01a')).toEqual(new Opaque('functools.partial'));
});

test('an OrderedDict takes its items from the call, too, as Python 2 wrote it', () => {
  const made = valueIn('ccollections\nOrderedDict\n]](U\x01aK\x01ea](U\x01bK\x02ea\x85R');
  expect([...(made as Dict).items]).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
});

test('a bytearray is bytes, as version 5 writes it', () => {
  expect(valueIn('\x96\x03\0\0\0\0\0\0\0abc')).toEqual(expect.objectContaining({ kind: 'bytes' }));
});

test('whole numbers beyond 2^53 are keys by identity, because many of them would be looked up slowly', () => {
  const big = `\x8a\x09${'\0'.repeat(8)}\x01`; // 2^64
  expect((valueIn(`}(${big}K\x01${big}K\x02u`) as Dict).items.size).toBe(2);
});

test('tensors of one tuple of sizes have one list of sizes, however many they are', () => {
  const tensor =
    'ctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\nU\x010NK\x04tQK\0h\0h\0tR';
  const list = valueIn(`K\x02\x85q\x000](${tensor}${tensor}e`) as List;
  const [one, other] = list.items as StoredTensor[];
  expect(one!.fields.shape).toEqual([2]);
  expect(other!.fields.shape).toBe(one!.fields.shape);
});

test('a text that is no UTF-8 is no text', () => {
  expect(valueIn('U\x02\xff\xfe')).toEqual(expect.objectContaining({ kind: 'bytes' }));
});

test('every opcode that is not on the list is refused', () => {
  const unknown = Array.from({ length: 256 }, (_, opcode) => opcode).filter((each) => !OPCODES.has(each));
  expect(unknown).toHaveLength(256 - OPCODES.size);
  for (const opcode of unknown.filter((each) => each !== STOP)) {
    const message = `byte 1 of the pickle: opcode ${opcode}, which torch.save does not write`;
    expect(() => unpickle(Buffer.of(0x4e, opcode), 0, LIMITS)).toThrow(new PickleFault(message));
  }
});

test.each([
  ['a value that is missing', 'a', 'its stack is empty too early'],
  ['a value from below a mark', 'N(\x85', 'its stack is empty too early'],
  ['an end of a list without its beginning', 'e', 'a mark is missing'],
  ['an append to a number', 'K\x01K\x02a', 'appends to a number'],
  ['an item of a list', ']K\x01K\x02s', 'sets items of a list'],
  ['a key without a value', '}(K\x01u', 'a key without a value'],
  ['a call of a text', 'X\0\0\0\0)R', 'calls a text'],
  ['fields of a list', ']}b', 'sets the fields of a list'],
  [
    'a class with a long name',
    `c${'m'.repeat(999)}\nab\n`,
    'the name of a class has 1001 characters, expected at most 1000',
  ],
  ['a class whose name is a number', 'K\x01K\x02\x93', 'the name of a class is a number'],
  ['a memo that is empty', 'h\x07', 'memo 7 is used before it is set'],
  ['a persistent id that is a text', 'X\0\0\0\0Q', 'persistent id: a text, expected a tuple'],
  ['a version of the future', '\x80\x06', "version 6 of Python's pickle, expected at most 5"],
])('%s is refused', (_, opcodes, message) => {
  expect(() => valueIn(opcodes)).toThrow(new PickleFault(message));
});

test.each<[string, string, Partial<Limits>, string]>([
  ['values', 'NNNN', { values: 3 }, 'values: 4'],
  ['open marks', '((((', { depth: 3 }, 'nested collections: 4'],
  ['values in the memo', 'Nq\0q\x01q\x02q\x03', { memo: 3 }, 'values in the memo: 4'],
  ['bytes of a number', '\x8a\x04\0\0\0\0', { numberBytes: 3 }, 'bytes of a number: 4'],
])('more %s than the limit are refused, and as many are read', (_, opcodes, limits, message) => {
  const [[limit, most]] = Object.entries(limits) as [[keyof Limits, number]];
  expect(() => valueIn(opcodes, limits)).toThrow(
    new PickleFault(`${message}, which is more than any checkpoint needs (${most})`),
  );
  expect(() => valueIn(limit === 'depth' ? `${opcodes}N` : opcodes, { [limit]: most + 1 })).not.toThrow();
});

test('lengths beyond the end are no lengths', () => {
  for (const opcodes of [
    'X\xff\xff\xff\xff',
    '\x8d\xff\xff\xff\xff\xff\xff\xff\xff',
    'B\xff\xff\xff\x7f',
    'cos',
    'J\0',
  ]) {
    expect(() => valueIn(opcodes)).toThrow(EndOfBytes);
  }
});

/** Milliseconds for a pickle that would take minutes if its values were looked through at every use. */
const MOST_MS = 5000;

test.each([
  ['arguments', `(${'N'.repeat(300_000)}tq\0`, 'cos\nsystem\nh\0R0'],
  ['sizes', `(${'K\x01'.repeat(300_000)}tq\x01(K\x01K\x01h\x01h\x01tq\0`, 'ctorch._utils\n_rebuild_tensor_v2\nh\0R0'],
  ['pairs', `](${'K\x01K\x02\x86'.repeat(300_000)}eq\x010h\x01\x85q\0`, 'ccollections\nOrderedDict\nh\0R0'],
])('a hundred thousand calls that share long %s are read soon', (_, shared, call) => {
  const begin = performance.now();
  expect(valueIn(`${shared}${call.repeat(100_000)}N`)).toBeNull();
  expect(performance.now() - begin).toBeLessThan(MOST_MS);
});

test('a long dictionary under many keys is looked through once', () => {
  const long = `}q\0(${Array.from({ length: 30_000 }, (_, index) => `J${littleEndian(index)}N`).join('')}u0`;
  const keys = Array.from({ length: 30_000 }, (_, index) => `X\x04\0\0\0${littleEndian(index + 0x20202020)}h\0`);
  const begin = performance.now();
  const top = valueIn(`${long}}(${keys.join('')}u`);
  expect(() => stateDictIn(top, 'file', undefined, () => {})).toThrow('file: holds no tensors');
  expect(performance.now() - begin).toBeLessThan(MOST_MS);
});

function littleEndian(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes.toString('latin1');
}
