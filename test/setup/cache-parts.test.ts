/** The parts of the cache that `resnet cache` knows. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { PARTS } from '../../src/setup/cache-parts.ts';

test('every folder that is made in the cache is a part of it', () => {
  const files = ['src', 'scripts', 'bench'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  const made = texts.flatMap((text) => [...text.matchAll(/cachedFolder\([`']([a-z]+)\//g)]);
  const names = [...new Set(made.map((match) => match[1] ?? ''))];
  expect(names).toContain('runtimes');
  expect(names.filter((name) => !Object.hasOwn(PARTS, name))).toEqual([]);
});
