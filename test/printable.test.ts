/** Texts from users and files, made safe to print. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { printable, printableJson } from '../src/printable.ts';

test.each([
  ['a right-to-left override', 'a\u202egnp.exe', String.raw`a\u202egnp.exe`],
  ['a zero-width space', 'a\u200bb', String.raw`a\u200bb`],
  ['a separator of lines', 'a\u2028b\u2029', String.raw`a\u2028b\u2029`],
  ['control characters', 'a\u001b[2J\n\u009b', String.raw`a\u001b[2J\u000a\u009b`],
  ['what XML does not allow', 'a\ud800b\uffff', String.raw`a\ud800b\uffff`],
  ['a tag beyond four digits', 'a\u{e0001}b', String.raw`a\U000e0001b`],
])('%s is shown as an escape', (_, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('letters of all scripts, and emoji of one character, are shown as they are', () => {
  for (const text of ['naïve Ωμέγα', 'עברית', 'العربية', '数字', '🦔', 'a b\\u202e'])
    expect(printable(text)).toBe(text);
});

test('a text that is printable already stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(printable(text))).toBe(printable(text));
      expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }),
  );
});

test('printable JSON holds no character that is not seen, and stands for the same value', () => {
  const json = printableJson({ name: 'a\u202eb\u009b\u2028\u{e0001}🦔' });
  expect(json).toBe(String.raw`{"name":"a\u202eb\u009b\u2028\udb40\udc01🦔"}`);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(JSON.parse(printableJson([text]))).toEqual([text]);
    }),
  );
});
