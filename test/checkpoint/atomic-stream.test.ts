/** A file that is written piece by piece has its name only when it is whole. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { AtomicStream } from '../../src/checkpoint/atomic-stream.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();

test('the file gets its name when it is finished, and replaces the one before', async () => {
  const folder = join(root, 'finished');
  mkdirSync(folder);
  const path = join(folder, 'a.csv');
  writeFileSync(path, 'before');
  const stream = await AtomicStream.open(path);
  await stream.write('één,');
  await stream.write('two\n');
  expect(readFileSync(path, 'utf8')).toBe('before');
  await stream.finish();
  await stream.discard();
  expect([readdirSync(folder), readFileSync(path, 'utf8')]).toEqual([['a.csv'], 'één,two\n']);
});

test('a file that is not finished leaves nothing', async () => {
  const folder = join(root, 'discarded');
  mkdirSync(folder);
  const stream = await AtomicStream.open(join(folder, 'a.csv'));
  await stream.write('half');
  expect(readdirSync(folder)).toHaveLength(1);
  await stream.discard();
  expect(readdirSync(folder)).toEqual([]);
});

test('a place that cannot be written to is an error that names the file (exit 5)', async () => {
  const path = join(root, 'none', 'a.csv');
  await expect(AtomicStream.open(path)).rejects.toMatchObject({
    code: 5,
    message: `${path}: could not be written: ENOENT; check the folder and its disk`,
  });
});
