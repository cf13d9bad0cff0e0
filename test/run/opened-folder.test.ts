/** The folder of a run that trains, when the run ends before it has saved. */
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { lockRunFolder } from '../../src/run/folder/run-lock.ts';
import { OpenedFolder } from '../../src/run/opened-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();

/** A locked folder with an earlier run, in which a new run has begun. */
async function newRun() {
  const folder = mkdtempSync(join(root, 'run-'));
  writeFileSync(join(folder, 'best.safetensors'), 'old');
  const lock = await lockRunFolder(folder, new Date());
  const opened = await OpenedFolder.open(folder, { resumed: undefined, lock }, { notice: () => {} });
  return { folder, lock, opened, files: () => readdirSync(folder).filter((name) => name !== '.lock') };
}

test('a run that has not saved removes its files', async () => {
  const { lock, opened, files } = await newRun();
  opened.close();
  await lock.release();
  expect(files()).toEqual(['best.safetensors']);
});

test('a run that has lost its lock removes nothing: another run may be moving the files', async () => {
  const { folder, lock, opened, files } = await newRun();
  writeFileSync(join(folder, '.lock'), "another's");
  const before = files();
  opened.close();
  await lock.release();
  expect(files()).toEqual(before);
  expect(before).toHaveLength(2);
});
