/** The lock on a run's folder, held by real processes. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { startTime } from '../../../src/processes.ts';
import { lockRunFolder } from '../../../src/run/folder/run-lock.ts';
import { bundle } from '../../support/bundle.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const now = new Date('2026-11-24T08:00:00Z');

function folder(name: string, lock?: unknown): string {
  const path = join(root, name);
  mkdirSync(path);
  if (lock !== undefined) writeFileSync(join(path, '.lock'), typeof lock === 'string' ? lock : JSON.stringify(lock));
  return path;
}

test('a run folder is locked until it is released, and no lock is left behind', async () => {
  const path = folder('free');
  const lock = await lockRunFolder(path, now);
  expect(readdirSync(path)).toEqual(['.lock']);
  expect(lock.recoveredFrom).toBeUndefined();
  await lock.release();
  expect(readdirSync(path)).toEqual([]);
});

test('a run folder in which another process trains is refused (exit 7), naming the process and its start', async () => {
  const path = folder('held', { pid: process.ppid, started: startTime(process.ppid), since: now.toISOString() });
  await expect(lockRunFolder(path, now)).rejects.toMatchObject({
    code: 7,
    message: `${path}: process ${process.ppid} has been training here since 2026-11-24T08:00:00.000Z; wait for it, or choose another --checkpoint-dir`,
  });
  expect(readdirSync(path)).toEqual(['.lock']);
});

test('a lock left by a killed process is taken over, and the notice names that process', async () => {
  const dead = spawnSync(process.execPath, ['--version']).pid;
  const path = folder('stale', { pid: dead, since: now.toISOString() });
  expect((await lockRunFolder(path, now)).recoveredFrom).toBe(dead);
  expect(readdirSync(path)).toEqual(['.lock']);
});

(process.platform === 'linux' ? test : test.skip)(
  'a lock whose number another process has got since is stale',
  async () => {
    const path = folder('reused', { pid: process.ppid, started: 1, since: now.toISOString() });
    expect((await lockRunFolder(path, now)).recoveredFrom).toBe(process.ppid);
  },
);

test('a folder in place of the lock is left alone and named (exit 5)', async () => {
  const path = folder('odd');
  mkdirSync(join(path, '.lock'));
  await expect(lockRunFolder(path, now)).rejects.toMatchObject({
    code: 5,
    message: `${join(path, '.lock')}: cannot be read as a lock (EISDIR); remove it`,
  });
  expect(readdirSync(path)).toEqual(['.lock']);
});

test.each(['', 'no JSON', '{"pid": -1}', '[]', 'null'])(
  'a lock with the unreadable content %j is taken over',
  async (text) => {
    const path = folder(`odd-${text.length}`, text);
    expect((await lockRunFolder(path, now)).recoveredFrom).toBe('unknown');
  },
);

test('one process at a time has the folder where many find the same stale lock', async () => {
  const dead = spawnSync(process.execPath, ['--version']).pid;
  const module = bundle('src/run/folder/run-lock.ts', root);
  for (let round = 0; round < 5; round++) {
    const path = folder(`raced-${round}`, { pid: dead, since: now.toISOString() });
    const log = join(root, `log-${round}`);
    const script = `
      import { appendFileSync } from 'node:fs';
      import { setTimeout } from 'node:timers/promises';
      import { lockRunFolder } from '${module}';
      const say = (word) => appendFileSync(${JSON.stringify(log)}, word);
      try {
        const lock = await lockRunFolder(${JSON.stringify(path)}, new Date());
        say('<');
        await setTimeout(100);
        say('>');
        await lock.release();
      } catch ({ code }) {
        say(code === 7 ? '' : '!' + code);
      }`;
    const words = ['--input-type=module', '--eval', script];
    await Promise.all(Array.from({ length: 6 }, () => promisify(execFile)(process.execPath, words)));
    expect(readFileSync(log, 'utf8')).toMatch(/^(<>)+$/);
    expect(readdirSync(path)).toEqual([]);
  }
});
