/** The cache of fetched and compiled files. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cacheFolder } from '../../src/cache-folder.ts';
import { cachedFolder, removeAbandonedFolders, withTemporaryFolder } from '../../src/setup/cache.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const own = process.env.RESNET_CACHE;
const folder = temporaryFolder();
beforeEach(() => {
  process.env.RESNET_CACHE = folder;
});
afterEach(() => {
  if (own === undefined) delete process.env.RESNET_CACHE;
  else process.env.RESNET_CACHE = own;
});

describe('the cache', () => {
  test('lies where RESNET_CACHE says, else in the user’s cache folder', () => {
    expect(cacheFolder()).toBe(folder);
    delete process.env.RESNET_CACHE;
    expect(cacheFolder()).toMatch(/[/\\]resnet$/);
  });

  test('makes a folder once', async () => {
    const fill = (text: string) => async (target: string) => writeFileSync(join(target, 'file'), text);
    const first = await cachedFolder('things/once', fill('first'));
    expect(await cachedFolder('things/once', fill('second'))).toBe(first);
    expect(readFileSync(join(first, 'file'), 'utf8')).toBe('first');
  });

  test('lets two make the same folder at once', async () => {
    const fill = async (target: string) => {
      await new Promise((resolve) => setImmediate(resolve));
      writeFileSync(join(target, 'file'), 'whole');
    };
    const [one, other] = await Promise.all([cachedFolder('things/twice', fill), cachedFolder('things/twice', fill)]);
    expect(one).toBe(other);
    expect(readdirSync(one)).toEqual(['file']);
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });

  test('keeps nothing of a folder that could not be filled', async () => {
    const failing = cachedFolder('things/never', async (target) => {
      writeFileSync(join(target, 'half'), '');
      throw new Error('out of order');
    });
    await expect(failing).rejects.toThrow('out of order');
    expect(existsSync(join(folder, 'things', 'never'))).toBe(false);
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });

  test('drops the temporary folders of processes that have ended, here, and no others', async () => {
    const noProcess = 2 ** 22 + 1; // above Linux's highest process id
    const others = [`elsewhere.${noProcess}.abc`, `${hostname()}.${process.ppid}.abc`];
    for (const name of [...others, `${hostname()}.${noProcess}.abc`]) mkdirSync(join(folder, 'tmp', name));
    await withTemporaryFolder(async (used) => {
      removeAbandonedFolders();
      expect(existsSync(used)).toBe(true);
    });
    expect(readdirSync(join(folder, 'tmp')).sort()).toEqual(others.sort());
  });
});
