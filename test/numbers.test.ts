/** Tests of numbers as text. */
import { expect, test } from '@jest/globals';
import { lossText, settingText, shortest } from '../src/numbers.ts';

test('a loss has four decimals, and an exponent where they would be too many digits or all 0', () => {
  expect([0.12345, 2.3456, 12_345.6789, 0].map((loss) => lossText(loss))).toEqual([
    '0.1235',
    '2.3456',
    '12345.6789',
    '0.0000',
  ]);
  const losses = [99_999.99999, 1e5, 4.7e9, 3.4e38, 4.9e-5, 1e-12];
  expect(losses.map((loss) => lossText(loss))).toEqual(['1.0e+5', '1.0e+5', '4.7e+9', '3.4e+38', '4.9e-5', '1.0e-12']);
});

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
