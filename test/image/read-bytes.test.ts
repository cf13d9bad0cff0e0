/** What is said of a path that no picture can be read from. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readImageBytes } from '../../src/image/read-bytes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const server = createServer();

beforeAll(async () => {
  writeFileSync(at('file'), 'a picture');
  writeFileSync(at('empty'), '');
  writeFileSync(at('large'), '');
  truncateSync(at('large'), 2 ** 30);
  symlinkSync('nowhere.png', at('dangling'));
  symlinkSync('loop-b', at('loop-a'));
  symlinkSync('loop-a', at('loop-b'));
  execFileSync('mkfifo', [at('pipe')]);
  mkdirSync(at('closed'));
  mkdirSync(at('closed', 'inner'));
  writeFileSync(at('closed', 'inner', 'picture'), 'a picture');
  symlinkSync('closed/inner/picture', at('link'));
  await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
});
afterAll(() => {
  server.close();
});

test('a file is read whole', async () => {
  expect((await readImageBytes(at('file'))).toString()).toBe('a picture');
});

test.each([
  ['that is missing', 'missing', 'no such file; check its name'],
  ['that is a link to nothing', 'dangling', 'is a link to nowhere.png, which does not exist; name the picture itself'],
  [
    'that is one of two links to each other',
    'loop-a',
    'is a link that leads round in a circle; name the picture itself',
  ],
  [
    'inside a file',
    'file/picture',
    'no such file: its path leads through a file as if that were a folder; check the path',
  ],
  ['with a name of 300 characters', 'n'.repeat(300), 'has a name longer than the system allows; check it'],
  ['that is a folder', '.', 'is a folder; name the pictures in it'],
  ['that is a named pipe', 'pipe', 'is a named pipe; pipe its picture in, and give -'],
  ['that is a socket', 'socket', 'is a socket; give a file'],
  ['that is a device', '/dev/null', 'is a device; pipe its picture in, and give -'],
  ['that is empty', 'empty', 'is empty; give another picture'],
  ['of a gigabyte', 'large', 'has more than 64 MiB; give a smaller picture'],
])('of a path %s, says so (exit 3)', async (_, name, problem) => {
  const path = name.startsWith('/') ? name : `${folder}/${name}`;
  await expect(readImageBytes(path)).rejects.toMatchObject({ code: 3, message: `${path}: ${problem}` });
});

test.each([
  [
    'a file under a closed folder',
    'closed/inner/picture',
    () => `cannot be read: the folder ${at('closed')} is closed to this user`,
  ],
  ['a link to such a file', 'link', () => 'cannot be read (EACCES); check its permissions'],
  ['a closed file', 'file', () => 'cannot be read (EACCES); check its permissions'],
])('of %s, says what is closed (exit 3)', async (_, name, problem) => {
  const closed = [at('closed'), at('file')];
  for (const path of closed) chmodSync(path, 0);
  chmodSync(folder, 0o755);
  const isRoot = process.getuid?.() === 0; // whom permissions do not stop
  if (isRoot) process.seteuid?.(65534);
  const error = await readImageBytes(at(...name.split('/'))).catch((thrown: unknown) => thrown);
  if (isRoot) process.seteuid?.(0);
  for (const path of closed) chmodSync(path, 0o755);
  expect(error).toMatchObject({ code: 3, message: expect.stringContaining(problem()) });
});
