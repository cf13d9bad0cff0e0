/** Tests of how tensors are gathered from pieces of their storages. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gather, layoutOf } from '../../../src/checkpoint/pytorch/layout.ts';
import { PickleFault, Storage, StoredTensor } from '../../../src/checkpoint/pytorch/values.ts';

const TYPES = { U8: 1, F16: 2, F32: 4, F64: 8 } as const;

interface View {
  readonly dtype: keyof typeof TYPES;
  readonly count: number;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** Part of an array, in any order of its dimensions: what slicing and permuting make. */
const view: fc.Arbitrary<View> = fc
  .record({
    dtype: fc.constantFrom('U8' as const, 'F16' as const, 'F32' as const, 'F64' as const),
    sizes: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
    order: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
    cuts: fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 4, maxLength: 4 }),
  })
  .map(({ dtype, sizes, order, cuts }) => {
    let [offset, stride] = [0, 1];
    const dimensions = sizes
      .toReversed()
      .map((full, index) => {
        const first = cuts[index]![0] % full;
        offset += first * stride;
        stride *= full;
        return { size: 1 + (cuts[index]![1] % (full - first)), stride: stride / full, order: order[index]! };
      })
      .toSorted((a, b) => a.order - b.order);
    const [shape, strides] = [dimensions.map(({ size }) => size), dimensions.map((each) => each.stride)];
    return { dtype, count: stride, offset, shape, strides };
  });

function stored({ dtype, count, offset, shape, strides }: View): StoredTensor {
  const bytes = count * TYPES[dtype];
  const storage = new Storage('0', dtype, { begin: 0, bytes, rootBytes: bytes });
  return new StoredTensor({ storage, dtype, offset, shape, strides, problem: undefined });
}

/** Places of the values in the storage, in row-major order. */
function places({ offset, shape, strides }: View): number[] {
  return shape.reduce(
    (found, size, index) =>
      found.flatMap((place) => Array.from({ length: size }, (_, each) => place + each * strides[index]!)),
    [offset],
  );
}

test('values of a view are gathered in row-major order, however the storage is cut into pieces', () => {
  const property = fc.property(view, fc.integer({ min: 1, max: 300 }), (each, pieceBytes) => {
    const width = TYPES[each.dtype];
    const storage = Buffer.from(Array.from({ length: each.count * width }, (_, index) => (index * 37) % 251));
    const layout = layoutOf(stored(each), storage.length)!;
    const values = Buffer.alloc(layout.bytes);
    for (let begin = 0; begin < storage.length; begin += pieceBytes) {
      gather(layout, storage.subarray(begin, begin + pieceBytes), begin, values);
    }
    const expected = places(each).map((place) => storage.subarray(place * width, (place + 1) * width));
    expect(values).toEqual(Buffer.concat(expected));
  });
  fc.assert(property, { numRuns: 1000 });
});

const plain: View = { dtype: 'F32', count: 12, offset: 0, shape: [3, 4], strides: [4, 1] };
const layout = (fields: Partial<View>) => layoutOf(stored({ ...plain, ...fields }), 48);

test('pieces of a storage before and behind a long contiguous tensor give nothing to it', () => {
  const layout = layoutOf(stored({ dtype: 'F32', count: 1000, offset: 100, shape: [100], strides: [1] }), 4000)!;
  const values = Buffer.alloc(layout.bytes);
  for (const begin of [0, 800, 1600, 3200]) gather(layout, Buffer.alloc(800, begin / 800 + 1), begin, values);
  expect(values).toEqual(Buffer.alloc(400, 1));
});

test('strides of dimensions of one value are not looked at', () => {
  const expected = layout({ shape: [3, 4] })!;
  const found = layout({ shape: [1, 3, 1, 4, 1], strides: [-5, 4, 2 ** 60, 1, 0] });
  expect(found).toEqual(expected);
  expect(found).toEqual({ begin: 0, dimensions: [], run: 48, bytes: 48 });
});

test('a tensor without values may have any offset, and takes nothing', () => {
  expect(layout({ offset: 100, shape: [2 ** 40, 0, 2 ** 40], strides: [1, 1, 1] })!.bytes).toBe(0);
});

test.each<[string, Partial<View>]>([
  ['as those of an expanded tensor do', { shape: [3, 4], strides: [0, 1] }],
  ['as those of a sliding window do', { shape: [3, 4], strides: [1, 1] }],
])('values that repeat, %s, have no layout', (_, fields) => {
  expect(layout(fields)).toBeUndefined();
});

test.each<[string, Partial<View>, string]>([
  ['one value beyond the storage', { offset: 1 }, 'has values up to byte 52 of its storage, which ends at byte 48'],
  ['a negative offset', { offset: -1 }, 'has offset -1, expected a whole number from 0 on'],
  ['a negative size', { shape: [-3, 4] }, 'has size -3, expected a whole number from 0 on'],
  ['a negative stride', { strides: [4, -1] }, 'has stride -1, expected a whole number from 0 on'],
  ['a stride with a fraction', { strides: [4.5, 1] }, 'has stride 4.5, expected a whole number from 0 on'],
  ['a size beyond 2^53', { shape: [2 ** 53, 4] }, 'has size 9007199254740992, expected a whole number from 0 on'],
  ['fewer strides than sizes', { strides: [1] }, 'has 2 dimensions and 1 strides'],
])('%s is refused', (_, fields, message) => {
  expect(() => layout(fields)).toThrow(new PickleFault(message));
});

test('a storage that is shorter in the file than in the pickle is refused', () => {
  expect(() => layoutOf(stored(plain), 44)).toThrow(PickleFault);
});
