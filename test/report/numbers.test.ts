/** Numbers as text for people. */
import { expect, test } from '@jest/globals';
import { settingText, shortest } from '../../src/report/numbers.ts';

test.each([
  [0.3 * 3, '0.9'],
  [0.1 + 0.2, '0.3'],
  [0.000039999999999999996, '0.00004'],
  [1e-8, '1e-8'],
  [0.123456789, '0.123456789'],
  [9007199254740991, '9007199254740991'],
  [134962262016, '134962262016'],
])('%d has no digits of binary rounding as text', (value, text) => {
  expect(shortest(value)).toBe(text);
});

test('a setting is shown as its numbers are written, a list as its members', () => {
  expect([settingText([0.3 * 3, 0.99]), settingText([1, 'a', {}], ', ')]).toEqual(['0.9,0.99', '1, a, …']);
  expect([settingText('adam'), settingText(false), settingText({})]).toEqual(['adam', 'false', '…']);
});
