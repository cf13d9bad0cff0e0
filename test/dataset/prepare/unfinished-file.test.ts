/** Tests of files of the cache in the making. */
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { UnfinishedFile } from '../../../src/dataset/prepare/unfinished-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'cache-'));
  path = join(folder, 'a.images');
});

/** What the end of the process would call, beside what it calls already. */
const listeners = () => new Set(process.listeners('exit'));

/** Begins a file, and writes to it. */
async function begun(): Promise<UnfinishedFile> {
  const file = await UnfinishedFile.create(path);
  await file.handle.write('pixels');
  await file.handle.close();
  return file;
}

test('a file has its name once it is finished, and stays when the process ends', async () => {
  const before = listeners();
  const file = await begun();
  expect(existsSync(path)).toBe(false);
  await file.finish();
  await file.discard();
  expect(readFileSync(path, 'utf8')).toBe('pixels');
  expect(readdirSync(folder)).toEqual(['a.images']);
  expect(listeners()).toEqual(before);
});

test('nothing is left of one that is discarded', async () => {
  const before = listeners();
  await (await begun()).discard();
  expect(readdirSync(folder)).toEqual([]);
  expect(listeners()).toEqual(before);
});

test('nothing is left of one when the process ends', async () => {
  const before = listeners();
  const file = await begun();
  for (const each of listeners()) if (!before.has(each)) each(130);
  expect(readdirSync(folder)).toEqual([]);
  await file.discard();
});
