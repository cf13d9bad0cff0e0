/** The programs of docs/export.md, as `npm run check:export` finds them there to run them. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readersOf } from '../../scripts/check-export/readers-of-page.ts';

test('docs/export.md has a reader in JavaScript for Node and for browsers, and in Python', () => {
  const { js, html, python } = readersOf(readFileSync('docs/export.md', 'utf8'));
  for (const program of [js, python]) expect(program).toContain('best.onnx.json');
  expect(html).toContain('best-tfjs.json');
  for (const program of [js, html, python]) expect(program).toContain('largest difference');
});
