/** Unpacks runs of numbers of Parquet pages: examples, any numbers, and runs that claim too much. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { unpackRuns } from '../../../src/dataset/formats/parquet/runs.ts';

test("the format's own example is unpacked: 0 to 7 in 3 bits each", () => {
  // https://parquet.apache.org/docs/file-format/data-pages/encodings/
  const packed = [0b10001000, 0b11000110, 0b11111010];
  expect([...unpackRuns(Uint8Array.of(3, ...packed), 3, 8)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect([...unpackRuns(Uint8Array.of(3, ...packed), 3, 5)]).toEqual([0, 1, 2, 3, 4]);
});

test('a run that claims a thousand million numbers gives as many as there should be', () => {
  expect([...unpackRuns(Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0x07, 1), 1, 3)]).toEqual([1, 1, 1]);
});

test.each([
  ['an empty run', [0, 0], 'runs end before their page does'],
  ['a run without its number', [4], 'runs end before their page does'],
  ['packed numbers that are missing', [5, 1], 'runs end before their page does'],
  ['a length without end', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 'the length of a run is too large'],
  ['half a length', [0xff], 'runs end within a number'],
])('%s is refused', (_, bytes, message) => {
  expect(() => unpackRuns(Uint8Array.from(bytes), 8, 9)).toThrow(message);
});

/** Packs numbers: runs of those that repeat, groups of eight of the others. */
function packed(
  runs: readonly { readonly repeated: boolean; readonly numbers: readonly number[] }[],
  width: number,
): Uint8Array {
  return Uint8Array.from(
    runs.flatMap(({ repeated, numbers }) => {
      const bits = (repeated ? numbers.slice(0, 1) : numbers)
        .map((number) => number.toString(2).padStart(width, '0').split('').reverse().join(''))
        .join('');
      const bytes = (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.split('').reverse().join(''), 2));
      return [repeated ? numbers.length * 2 : (numbers.length / 8) * 2 + 1, ...bytes];
    }),
  );
}

test('any numbers are unpacked as they were packed', () => {
  const cases = fc.integer({ min: 1, max: 32 }).chain((width) => {
    const number = fc.nat(2 ** 31 - 1).map((value) => value % 2 ** width);
    const group = fc.array(number, { minLength: 8, maxLength: 8 }).map((numbers) => ({ repeated: false, numbers }));
    const run = fc
      .tuple(number, fc.integer({ min: 1, max: 60 }))
      .map(([each, length]) => ({ repeated: true, numbers: Array<number>(length).fill(each) }));
    return fc.tuple(fc.constant(width), fc.array(fc.oneof(group, run), { minLength: 1, maxLength: 5 }));
  });
  const property = fc.property(cases, ([width, runs]) => {
    const numbers = runs.flatMap((run) => [...run.numbers]);
    expect([...unpackRuns(packed(runs, width), width, numbers.length)]).toEqual(numbers);
  });
  fc.assert(property);
});
