/** Kinds of values: the texts of flags that spell valid values, those that do not, and values of JSON. */
import { expect, test } from '@jest/globals';
import {
  above0,
  atLeast0,
  below1,
  byteSize,
  count,
  duration,
  oneOf,
  onOff,
  pairBelow1,
  path,
  someOf,
  type ValueKind,
  whole,
} from '../src/value-kinds.ts';

test.each<[ValueKind<unknown>, Record<string, unknown>, string[], unknown[]]>([
  [whole(1, 1024), { 1: 1, 1024: 1024, '1e2': 100, ' 7 ': 7 }, ['0', '1025', '1.5', '', 'x'], ['7', null, Number.NaN]],
  [count, { 1: 1, 9007199254740991: 2 ** 53 - 1 }, ['0', '9007199254740992', '-1'], [[1]]],
  [above0, { '1e-8': 1e-8, 3: 3 }, ['0', '-1', '1e-46', '1e39', '1e999', ' '], ['1', undefined]],
  [atLeast0, { 0: 0, '0.5': 0.5 }, ['-0.1', '1e999', ''], [Number.POSITIVE_INFINITY]],
  [below1, { 0: 0, '0.999': 0.999 }, ['1', '-0.1', 'NaN'], [null]],
  [
    pairBelow1,
    { '0.9,0.99': [0.9, 0.99], '0, 0': [0, 0] },
    ['0.9', '0.9,', '0.9,1', '1,2,3'],
    [[0.9], ['0', '0'], 0.9],
  ],
  [duration, { 90: 90, '90s': 90, '1.5h': 5400, '10m': 600 }, ['0', '-1s', '1d', '', '1e3'], ['90s', 0]],
  [
    byteSize,
    { '512M': 536_870_912, '4G': 2 ** 32, '1.5k': 1536, '2T': 2 ** 41 },
    ['0M', '-1G', '512', '', '1e3M', '4GB'],
    ['4G', 0, 1.5],
  ],
  [oneOf(['a', 'b']), { a: 'a' }, ['c', ''], [1]],
  [oneOf([18, 34]), { 18: 18 }, ['18.0', '19', ''], ['18']],
  [
    someOf(['a', 'b', 'c'], 'all'),
    { b: ['b'], 'c,a': ['a', 'c'], 'b,b': ['b'], all: ['a', 'b', 'c'] },
    ['', 'd', 'a,d', 'a,', 'all,a'],
    [[], ['b', 'a'], ['a', 'a'], ['d'], 'a'],
  ],
  [path, { 'a/b': 'a/b' }, [''], [7]],
  [onOff, { true: true, false: false }, ['', 'yes', '1'], ['true']],
])('%#: valid texts spell valid values; other texts and other JSON are refused', (kind, valid, texts, values) => {
  for (const [text, value] of Object.entries(valid)) {
    expect(kind.parse(text)).toEqual(value);
    expect(kind.isValid(value)).toBe(true);
  }
  for (const text of texts) expect([text, kind.isValid(kind.parse(text))]).toEqual([text, false]);
  for (const value of values) expect([value, kind.isValid(value)]).toEqual([value, false]);
});
