/** Tests of cutting long texts. */
import { expect, test } from '@jest/globals';
import { cut } from '../../src/report/cut.ts';

test.each([
  ['as long as allowed', 'abcd', 'abcd'],
  ['longer', 'abcde', 'abc…'],
  ['of characters of two units, as many as allowed', '🐶🐶🐶🐶', '🐶🐶🐶🐶'],
  ['of characters of two units, more than allowed', '🐶🐶🐶🐶🐶', '🐶🐶🐶…'],
  ['much longer', 'abcdefghijklmnop', 'abc…'],
])('a text that is %s: %s becomes %s', (_, text, expected) => expect(cut(text, 4)).toBe(expected));
