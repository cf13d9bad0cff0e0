/** Tests of parsing the header of a safetensors file. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseHeader } from '../../src/checkpoint/safetensors-header.ts';

const entry = (dtype: unknown, shape: unknown, data_offsets: unknown) => ({ dtype, shape, data_offsets });
const bytesOf = (header: unknown) => Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));

test('a parsed header lists its tensors in the order of their bytes, with type, shape and position', () => {
  const header = {
    'FC.bias': entry('F32', [2], [8, 16]),
    empty: entry('F32', [0, 3], [8, 8]),
    __metadata__: { format: 'pt' },
    counter: entry('I64', [], [0, 8]),
  };
  const { tensors, metadata, payloadBytes } = parseHeader(bytesOf(header), 16, 'file');
  expect([...tensors]).toEqual([
    ['counter', { dtype: 'I64', shape: [], begin: 0, end: 8 }],
    ['empty', { dtype: 'F32', shape: [0, 3], begin: 8, end: 8 }],
    ['FC.bias', { dtype: 'F32', shape: [2], begin: 8, end: 16 }],
  ]);
  expect([...metadata]).toEqual([['format', 'pt']]);
  expect(payloadBytes).toBe(16);
});

test('a header may use names like __proto__, which every JavaScript object has', () => {
  const header = `{"__proto__": ${JSON.stringify(entry('F32', [1], [0, 4]))}, "toString": ${JSON.stringify(entry('F32', [1], [4, 8]))}}`;
  expect([...parseHeader(bytesOf(header), 8, 'file').tensors.keys()]).toEqual(['__proto__', 'toString']);
  expect(parseHeader(bytesOf('{"__metadata__": {"__proto__": "x"}}'), 0, 'file').metadata.get('__proto__')).toBe('x');
});

describe('parsing a header', () => {
  const one = entry('F32', [2], [0, 8]);
  test.each<[string, unknown, number, string]>([
    ['text that is not JSON', '{"a": ', 0, 'header: not valid JSON'],
    ['a list instead of an object', '[]', 0, 'header: expected an object, got []'],
    ['a byte order mark', '\ufeff{}', 0, 'header: not valid JSON'],
    ['two equal names', '{"a": 1, "a": 2}', 0, 'header: the name "a" appears twice'],
    ['two equal names, one of them escaped', '{"a": {}, "\\u0061": {}}', 0, 'header: the name "a" appears twice'],
    [
      'two equal fields of a tensor',
      '{"w": {"dtype": "F32", "dtype" : "I64"}}',
      0,
      'header: the name "dtype" appears twice',
    ],
    ['two equal metadata keys', '{"__metadata__": {"k": "}{", "k": ""}}', 0, 'header: the name "k" appears twice'],
    ['metadata that is a list', { __metadata__: [] }, 0, '__metadata__: expected an object, got []'],
    ['metadata that is not text', { __metadata__: { epoch: 3 } }, 0, '__metadata__ "epoch": expected text, got 3'],
    ['an entry that is not an object', { w: 'F32' }, 0, 'tensor "w": expected an object, got "F32"'],
    [
      'a tensor without a type',
      { w: { shape: [2], data_offsets: [0, 8] } },
      8,
      'tensor "w".dtype: is missing, expected a type of safetensors, such as F32',
    ],
    [
      'a type of another format',
      { w: entry('half', [4], [0, 8]) },
      8,
      'tensor "w".dtype: expected a type of safetensors, such as F32, got "half"',
    ],
    [
      'a type named like a property of every object',
      { w: entry('toString', [4], [0, 8]) },
      8,
      'tensor "w".dtype: expected a type of safetensors, such as F32, got "toString"',
    ],
    ['a shape that is a number', { w: entry('F32', 2, [0, 8]) }, 8, 'tensor "w".shape: expected a list, got 2'],
    [
      'a negative size',
      { w: entry('F32', [2, -1], [0, 8]) },
      8,
      'tensor "w".shape[1]: expected an integer of at least 0, got -1',
    ],
    [
      'a fractional size',
      { w: entry('F32', [2.5], [0, 10]) },
      10,
      'tensor "w".shape[0]: expected an integer of at least 0, got 2.5',
    ],
    [
      'a shape that overflows',
      { w: entry('F32', [2 ** 40, 2 ** 40], [0, 8]) },
      8,
      'tensor "w".shape: [1099511627776,1099511627776] overflows',
    ],
    [
      'three offsets',
      { w: entry('F32', [2], [0, 8, 8]) },
      8,
      'tensor "w".data_offsets: expected a list of 2, got [0,8,8]',
    ],
    [
      'an end before the begin',
      { w: entry('F32', [2], [8, 0]) },
      8,
      'tensor "w".data_offsets: [8, 0] span -8 bytes, but F32 of shape [2] has 8',
    ],
    [
      'a span too short',
      { w: entry('I64', [2], [0, 8]) },
      8,
      'tensor "w".data_offsets: [0, 8] span 8 bytes, but I64 of shape [2] has 16',
    ],
    [
      'overlapping tensors',
      { a: one, b: entry('F32', [2], [4, 12]) },
      12,
      'tensor "b".data_offsets: begin at 4, expected 8',
    ],
    ['two tensors of the same bytes', { a: one, b: one }, 8, 'tensor "b".data_offsets: begin at 0, expected 8'],
    [
      'a gap between two tensors',
      { a: one, b: entry('F32', [1], [12, 16]) },
      16,
      'tensor "b".data_offsets: begin at 12, expected 8',
    ],
    [
      'a gap before the first tensor',
      { a: entry('F32', [1], [4, 8]) },
      8,
      'tensor "a".data_offsets: begin at 4, expected 0',
    ],
    [
      'more bytes than the tensors have',
      { a: one },
      9,
      'file length: 9 bytes follow the header, but its tensors have 8',
    ],
    [
      'fewer bytes than the tensors have',
      { a: one },
      7,
      'file length: 7 bytes follow the header, but its tensors have 8',
    ],
  ])('refuses %s (exit 4) and names the field', (_, header, payloadBytes, problem) => {
    expect(() => parseHeader(bytesOf(header), payloadBytes, 'file')).toThrow(
      expect.objectContaining({ code: 4, message: `file: ${problem}` }),
    );
  });

  test('refuses bytes that are not UTF-8 (exit 4)', () => {
    expect(() => parseHeader(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 0, 'file')).toThrow(
      expect.objectContaining({ code: 4, message: 'file: header: not valid UTF-8' }),
    );
  });
});

describe('an arbitrary header', () => {
  const parsesOrRefuses = (bytes: Uint8Array, payloadBytes: number) => {
    try {
      const { tensors } = parseHeader(bytes, payloadBytes, 'file');
      for (const { begin, end } of tensors.values())
        expect(0 <= begin && begin <= end && end <= payloadBytes).toBe(true);
    } catch (error) {
      expect(error).toMatchObject({
        name: 'UserError',
        code: 4,
        message: expect.stringMatching(/^file: [^\n]{1,400}$/),
      });
    }
  };

  test('is parsed or refused (exit 4) if it is random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(64), parsesOrRefuses));
  });

  test('is parsed or refused (exit 4) if it is any JSON', () => {
    fc.assert(fc.property(fc.json(), fc.nat(64), (json, payloadBytes) => parsesOrRefuses(bytesOf(json), payloadBytes)));
  });

  test('is parsed or refused (exit 4) if its entries have the right form and any values', () => {
    const value = fc.oneof(fc.nat(20), fc.integer(), fc.double(), fc.constantFrom(0, 2 ** 53, 'F32', null, [], {}));
    const entries = fc.record({
      dtype: fc.oneof(fc.constantFrom('F32', 'I64', 'F16'), value),
      shape: fc.oneof(fc.array(value, { maxLength: 3 }), value),
      data_offsets: fc.oneof(fc.tuple(fc.nat(32), fc.nat(32)), fc.array(value, { maxLength: 3 })),
    });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), entries, { maxKeys: 3 }), fc.nat(64), (header, payloadBytes) =>
        parsesOrRefuses(bytesOf(header), payloadBytes),
      ),
    );
  });

  test('is parsed or refused within 2 s if it is a megabyte made to be slow', () => {
    const size = 2 ** 20;
    const names = Array.from({ length: size / 12 }, (_, i) => `"${i}":[]`);
    for (const json of [
      '['.repeat(size / 2) + ']'.repeat(size / 2),
      `{"${'\\\\'.repeat(size / 2 - 4)}": 1}`,
      `{"${'x'.repeat(size - 10)}":${' '.repeat(4)}1}`,
      `{"a"${' '.repeat(size - 10)}:1}`,
      `["${'" ,"'.repeat(size / 4 - 4)}"]`,
      `{${names.join(',')}}`,
    ]) {
      const begun = performance.now();
      parsesOrRefuses(bytesOf(json), 0);
      expect(performance.now() - begun).toBeLessThan(2000);
    }
  });
});
