/** Tests of package-lock.json. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** What is read of a package's entry in the lockfile. */
interface LockedPackage {
  integrity?: string;
  inBundle?: boolean;
  link?: boolean;
}

const lock = readFileSync('package-lock.json', 'utf8');

test('the lockfile names no host, so that packages come from the registry that npm is configured for', () => {
  expect(lock.match(/"[^"]*:\/\/[^"]*"/g)).toBeNull();
});

test('the lockfile pins every package by its hash, but for the one that is a folder here', () => {
  const { packages } = JSON.parse(lock) as { packages: Record<string, LockedPackage> };
  const unpinned = Object.entries(packages)
    .filter(
      ([path, { integrity, inBundle, link }]) => path.startsWith('node_modules/') && !integrity && !inBundle && !link,
    )
    .map(([path]) => path);
  const links = Object.values(packages).filter(({ link }) => link);
  expect(links).toEqual([{ link: true, resolved: 'packages/binding-path' }]);
  expect(unpinned).toEqual([]);
});
