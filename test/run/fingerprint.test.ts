/** Fingerprints: equal for equal values, different for any other. */
import { expect, test } from '@jest/globals';
import { fingerprintOf } from '../../src/run/workers/fingerprint.ts';

test('are equal for equal values, whatever the order of names, and undefined is none', () => {
  const one = fingerprintOf({ a: 1, b: [Float32Array.of(1, 2)], c: undefined });
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(
    fingerprintOf(
      new Map<string, unknown>([
        ['b', [Float32Array.of(1, 2)]],
        ['a', 1],
      ]),
    ),
  ).toBe(one);
});

test('differ where a bit, a type, a name, an order or a border between values differs', () => {
  const values = [
    ...[
      { a: Float32Array.of(1) },
      { a: Float32Array.of(1 + 2 ** -23) },
      { a: Float32Array.of(-0) },
      { a: Float32Array.of(0) },
    ],
    ...[{ a: 1 }, { a: '1' }, { b: 1 }, { a: null }, {}, { a: 0 }, { a: -0 }, { a: Number.NaN }],
    ...[[1, 2], [2, 1], [[1], 2], [[1, 2]], ['1', '2'], ['1"', '2'], ['1\n', '2']],
    ...[Int32Array.of(1), Uint8Array.of(1, 0, 0, 0)],
  ];
  expect(new Set(values.map(fingerprintOf)).size).toBe(values.length);
});
