import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { makeFolder } from '../src/make-folder.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();

test('a folder is made with those above it, by several at once', async () => {
  const deep = join(folder, 'a', 'b', 'c');
  await Promise.all([makeFolder(deep), makeFolder(deep), makeFolder(join(folder, 'a', 'd'))]);
  expect([deep, join(folder, 'a', 'd')].map((path) => existsSync(path))).toEqual([true, true]);
  await makeFolder(deep);
});

describe('a folder that cannot be made', () => {
  test('because a file has its name', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(makeFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(folder, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  (process.platform === 'linux' ? test : test.skip)('because the system has none, as /proc', async () => {
    await expect(makeFolder('/proc/resnet/checkpoints')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
