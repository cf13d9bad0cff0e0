/** Tests of reading the facts of a picture file's head. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { pictureFacts } from '../../../src/image/prepare/picture-facts.ts';
import { GOLDEN } from './golden.ts';

test.each([
  ['colour.png', 'png', 22, 30],
  ['turned.jpg', 'jpeg', 30, 22],
  ['colour.webp', 'webp', 22, 30],
  ['moving.gif', 'gif', 22, 30],
  ['cmyk.tif', 'tiff', 22, 30],
  ['colour.avif', 'avif', 22, 30],
  ['colour.ppm', 'ppm', 22, 30],
  ['grey.pgm', 'pgm', 22, 30],
])('%s is %s, %d pixels high and %d wide when it is upright', async (name, format, height, width) => {
  expect(await pictureFacts(readFileSync(join(GOLDEN, name)), name)).toEqual({ format, height, width });
});

test('a picture whose end is lost has the size that its head tells', async () => {
  const bytes = readFileSync(join(GOLDEN, 'colour-444.jpg')).subarray(0, 900);
  expect(await pictureFacts(bytes, 'a')).toEqual({ format: 'jpeg', height: 22, width: 30 });
});
