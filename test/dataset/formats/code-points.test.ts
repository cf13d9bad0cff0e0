/** Tests of the order of names by code points. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareCodePoints } from '../../../src/dataset/formats/code-points.ts';

test('characters beyond U+FFFF come last, as in Python and unlike in JavaScript', () => {
  const names = ['\u{1f600}', '\uff5e', 'é', 'z', 'Z', '10', '2'];
  expect(names.toSorted(compareCodePoints)).toEqual(['10', '2', 'Z', 'z', 'é', '\uff5e', '\u{1f600}']);
  expect(names.toSorted()).not.toEqual(names.toSorted(compareCodePoints));
});

test('any texts are in the order of their bytes in UTF-8, which is that of their code points', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, text, text, (start, a, b) => {
      const [one, other] = [start + a, start + b];
      expect(Math.sign(compareCodePoints(one, other))).toBe(Buffer.compare(Buffer.from(one), Buffer.from(other)));
    }),
    { numRuns: 1000 },
  );
});
