/** Tests of the checks for untrusted values. */
import { expect, test } from '@jest/globals';
import { type Check, finite, fraction, list, natural, positive, record, text } from '../../src/checkpoint/fields.ts';

function outcome(check: Check<unknown>, value: unknown): unknown {
  try {
    return check(value, 'field', (field, problem) => {
      throw new Error(`${field}: ${problem}`);
    });
  } catch (error) {
    return (error as Error).message;
  }
}

test.each<[string, Check<unknown>, unknown[], unknown[]]>([
  ['text', text, ['', 'a'], [1, null, ['a']]],
  ['a finite number', finite, [0, -1.5], [Number.NaN, Number.POSITIVE_INFINITY, '1', null]],
  ['a number from 0 to 1', fraction, [0, 0.5, 1], [-0.1, 1.1, Number.NaN, '0']],
  ['an integer of at least 0', natural, [0, 7], [-1, 0.5, 2 ** 53, '1']],
  ['an integer of at least 1', positive, [1, 7], [0, -1, 1.5, [1]]],
])(
  'the check for %s returns such a value, and refuses any other with the name of its field',
  (expected, check, right, wrong) => {
    for (const value of right) expect(outcome(check, value)).toBe(value);
    for (const value of wrong) expect(outcome(check, value)).toContain(`field: expected ${expected}, got `);
    expect(outcome(check, undefined)).toBe(`field: is missing, expected ${expected}`);
  },
);

test('the check for a list names the index of the wrong item', () => {
  expect(outcome(list(natural), [])).toEqual([]);
  expect(outcome(list(natural), [3, 0])).toEqual([3, 0]);
  expect(outcome(list(natural), [3, -1])).toBe('field[1]: expected an integer of at least 0, got -1');
  expect(outcome(list(natural, 2), [3])).toBe('field: expected a list of 2, got [3]');
  expect(outcome(list(natural), { length: 0 })).toBe('field: expected a list, got {"length":0}');
});

test('the check for a record drops unknown properties, and names the wrong one', () => {
  const point = record({ x: finite, y: finite });
  expect(outcome(point, { x: 1, y: 2, z: 3 })).toEqual({ x: 1, y: 2 });
  expect(outcome(point, { x: 1 })).toBe('field.y: is missing, expected a finite number');
  expect(outcome(point, JSON.parse('{"__proto__": {"x": 1, "y": 2}}'))).toBe(
    'field.x: is missing, expected a finite number',
  );
  expect(outcome(point, [1, 2])).toBe('field: expected an object, got [1,2]');
  expect(outcome(point, null)).toBe('field: expected an object, got null');
});
