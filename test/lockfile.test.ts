/** Tests of package-lock.json. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const lock = readFileSync('package-lock.json', 'utf8');

test('the lockfile names no host, so that packages come from the registry that npm is configured for', () => {
  expect(lock.match(/"[^"]*:\/\/[^"]*"/g)).toBeNull();
});

test('the lockfile pins every package by its hash', () => {
  const { packages } = JSON.parse(lock) as { packages: Record<string, { integrity?: string; inBundle?: boolean }> };
  const unpinned = Object.entries(packages).filter(
    ([path, { integrity, inBundle }]) => path && !integrity && !inBundle,
  );
  expect(unpinned).toEqual([]);
});
