/** Tests of `makeFolder`, which makes a folder and its parents. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { makeFolder } from '../src/make-folder.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();

test('makeFolder makes a folder and its parents, also when several calls do so at once', async () => {
  const deep = join(folder, 'a', 'b', 'c');
  await Promise.all([makeFolder(deep), makeFolder(deep), makeFolder(join(folder, 'a', 'd'))]);
  expect([deep, join(folder, 'a', 'd')].map((path) => existsSync(path))).toEqual([true, true]);
  await makeFolder(deep);
});

describe('makeFolder', () => {
  test('rejects if a file has the name of the folder or of a parent', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(makeFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(folder, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  (process.platform === 'linux' ? test : test.skip)(
    'rejects if the file system allows no new folders (/proc)',
    async () => {
      await expect(makeFolder('/proc/resnet/checkpoints')).rejects.toMatchObject({ code: 'ENOENT' });
    },
  );
});
