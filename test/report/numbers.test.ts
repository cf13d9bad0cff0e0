/** Tests of numbers as text. */
import { expect, test } from '@jest/globals';
import { lossText } from '../../src/report/numbers.ts';

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
