/** Tests of showing untrusted values in messages. */
import { expect, test } from '@jest/globals';
import { quote } from '../../src/checkpoint/quote.ts';

test('a quoted value is JSON', () => {
  expect(quote('conv.weight')).toBe('"conv.weight"');
  expect(quote([1, 64, -3])).toBe('[1,64,-3]');
  expect(quote(undefined)).toBe('undefined');
});

test('a quoted value shows nested values as …, however deep they are', () => {
  expect(quote([1, [2], { a: 3 }])).toBe('[1,"…","…"]');
  expect(quote(JSON.parse(`${'['.repeat(500_000)}${']'.repeat(500_000)}`))).toBe('["…"]');
});

test('a quoted value escapes characters that would break the line or colour the terminal', () => {
  expect(quote('a\nb\u001b[31mc\u009b31m\u2028\u202e')).toBe('"a\\nb\\u001b[31mc\\u009b31m\\u2028\\u202e"');
});

test('a long quoted value is cut', () => {
  expect(quote('x'.repeat(1_000_000))).toBe(`"${'x'.repeat(79)}…`);
});
