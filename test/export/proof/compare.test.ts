/** When the answers of an export count as those of our own network. */
import { describe, expect, test } from '@jest/globals';
import { ExitCode } from '../../../src/errors.ts';
import { compared } from '../../../src/export/proof/compare.ts';

const single = { classes: 3, weightType: 'float32' } as const;
const half = { ...single, weightType: 'float16' } as const;
const expected = Float32Array.of(0, 1, 2, 9, -50, 8);

/** The expected answers with one number changed. */
const changed = (at: number, by: number) => expected.map((value, index) => (index === at ? value + by : value));

test('the same numbers are the same answers', () => {
  expect(compared(expected, expected, single, 'x')).toEqual({ images: 2, same: 2, largestDifference: 0 });
});

test.each([
  ['of 1e-4 in float32', single, 9e-5],
  ['of 1e-2 in float16', half, 9e-3],
])('a difference below the bound %s passes, and is told', (_, graph, by) => {
  const { same, largestDifference } = compared(changed(0, by), expected, graph, 'x');
  expect(same).toBe(2);
  expect(largestDifference).toBeCloseTo(by, 6);
});

test('of logits above 1 the bound is a share of the largest: so many digits has float32', () => {
  expect(compared(changed(3, 4e-3), expected, single, 'x').largestDifference).toBeCloseTo(4e-3, 5);
});

describe('refuses', () => {
  test.each([
    [
      'a number that differs by more',
      changed(1, 3e-4),
      single,
      'differ by 0.000300,',
      'more than 0.0001 of the largest, 2.00;',
    ],
    [
      'a number that is none',
      changed(4, Number.NaN),
      half,
      'image 1 with numbers that differ by NaN',
      'nothing is written',
    ],
    [
      'an infinite number',
      changed(4, -Infinity),
      half,
      'image 1 with numbers that differ by Infinity',
      'nothing is written',
    ],
  ])('%s', (_, found, graph, ...words) => {
    for (const word of words) expect(() => compared(found, expected, graph, 'x')).toThrow(word);
  });

  test('another class, though its numbers are within the bound', () => {
    const close = Float32Array.of(0.5, 0.50001, 0);
    const swapped = Float32Array.of(0.50001, 0.5, 0);
    expect(() => compared(swapped, close, single, 'a runtime')).toThrow(
      expect.objectContaining({
        code: ExitCode.checkpoint,
        message:
          'not exported, because its proof failed: a runtime answers image 0 with class 0, the network with 1; nothing is written; try another format',
      }),
    );
  });
});
