import { expect, test } from '@jest/globals';
import { quote } from '../../src/checkpoint/quote.ts';

test('a value is shown as JSON', () => {
  expect(quote('conv.weight')).toBe('"conv.weight"');
  expect(quote([1, 64, -3])).toBe('[1,64,-3]');
  expect(quote(undefined)).toBe('undefined');
});

test('what is nested in a value is left out, however deep it is', () => {
  expect(quote([1, [2], { a: 3 }])).toBe('[1,"…","…"]');
  expect(quote(JSON.parse(`${'['.repeat(500_000)}${']'.repeat(500_000)}`))).toBe('["…"]');
});

test('what could break out of a line, or colour a terminal, is escaped', () => {
  expect(quote('a\nb\u001b[31mc\u009b31m\u2028')).toBe('"a\\nb\\u001b[31mc\\u009b31m\\u2028"');
});

test('a long value is cut', () => {
  expect(quote('x'.repeat(1_000_000))).toBe(`"${'x'.repeat(79)}…`);
});
