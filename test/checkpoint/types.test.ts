/** Types of values: files as safetensors wrote them (make_safetensors.py), and float16. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { halfOf, singleOfHalf } from '../../src/checkpoint/half.ts';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import { halved } from '../../src/checkpoint/tensor.ts';

const files = join(import.meta.dirname, 'files');
const expected: Record<string, number[]> = JSON.parse(readFileSync(join(files, 'expected.json'), 'utf8'));

test('numbers with fractions of every type become the float32 that PyTorch makes of them, and whole ones int64', async () => {
  const { tensors } = await loadCheckpoint(join(files, 'types.safetensors'));
  for (const [name, values] of Object.entries(expected)) {
    expect(tensors.get(name)).toEqual({ dtype: 'F32', shape: [values.length], data: Float32Array.from(values) });
  }
  for (const name of ['I8', 'I16', 'I32', 'I64', 'U8', 'U16', 'U32', 'U64']) {
    expect(tensors.get(name)).toEqual({ dtype: 'I64', shape: [], data: BigInt64Array.of(97n) });
  }
});

test('a type that is not read is refused by its name (exit 4)', async () => {
  const path = join(files, 'unread.safetensors');
  await expect(loadCheckpoint(path)).rejects.toMatchObject({
    code: 4,
    message: `${path}: tensor "C64" is C64, which is not read; save it as float32`,
  });
});

test('float16 comes back from float32 bit by bit, for every number that it has', () => {
  const bits = Uint16Array.from({ length: 2 ** 16 }, (_, index) => index).filter((each) => ((each >> 10) & 31) !== 31);
  expect(halfOf(singleOfHalf(bits))).toEqual(bits);
});

test('float32 becomes the nearest float16, and of two equally near ones the even', () => {
  const finite = fc.double({ min: -65_519, max: 65_519, noNaN: true }).map(Math.fround);
  fc.assert(
    fc.property(finite, (value) => {
      const bits = halfOf(Float32Array.of(value))![0]!;
      const [half, lower, upper] = singleOfHalf(Uint16Array.of(bits, bits - 1, bits + 1)) as unknown as number[];
      const distance = Math.abs(value - half!);
      for (const other of [lower!, upper!]) {
        const isNearer = Math.abs(value - other) < distance;
        expect(isNearer || (Math.abs(value - other) === distance && bits % 2 === 1)).toBe(false);
      }
    }),
  );
  expect(halfOf(Float32Array.of(65_520))).toBeUndefined();
  expect(halved({ dtype: 'F32', shape: [1], data: Float32Array.of(1e5) })).toBeUndefined();
  expect(halved({ dtype: 'I64', shape: [], data: BigInt64Array.of(3n) })?.dtype).toBe('I64');
});
