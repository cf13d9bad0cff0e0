/** A line of CSV says to a reader of CSV what was written. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import Papa from 'papaparse';
import { csvLine } from '../../../src/report/predict/csv.ts';

test('a field has quotes only if it needs them, and null is empty', () => {
  expect(csvLine(['a b', 1.5, null, 'x,y', 'say "x"', 'two\nlines', ' x'])).toBe(
    'a b,1.5,,"x,y","say ""x""","two\nlines"," x"\n',
  );
});

test('any texts are read back by a parser of CSV', () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é', '\u{1f600}') }), {
    minLength: 2,
    maxLength: 5,
  });
  fc.assert(
    fc.property(texts, (fields) => {
      expect(Papa.parse(csvLine(fields).slice(0, -1), { newline: '\n' }).data).toEqual([fields]);
    }),
  );
});
