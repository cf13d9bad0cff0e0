/** The lock on a run's folder, held by real processes, and by those of other machines as far as their files tell. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, jest, test } from '@jest/globals';
import { processSpace, startTime } from '../../../src/processes.ts';
import { lockRunFolder } from '../../../src/run/folder/run-lock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const now = new Date('2026-11-24T08:00:00Z');
const since = now.toISOString();
const testOnLinux = process.platform === 'linux' ? test : test.skip;

function folder(name: string, lock?: unknown): string {
  const path = join(root, name);
  mkdirSync(path);
  if (lock !== undefined) writeFileSync(join(path, '.lock'), typeof lock === 'string' ? lock : JSON.stringify(lock));
  return path;
}

/** Lets the lock in a folder have been renewed for the last time so long ago, by the file system's clock. */
function silence(path: string, seconds: number): void {
  const time = Date.now() / 1000 - seconds;
  utimesSync(join(path, '.lock'), time, time);
}

/** What is told of the lock that was removed when this process takes a folder's lock. */
async function recovery(path: string): Promise<string | undefined> {
  const lock = await lockRunFolder(path, now);
  expect([lock.isHeld(), readdirSync(path)]).toEqual([true, ['.lock']]);
  await lock.release();
  return lock.recovered;
}

const deadProcess = () => spawnSync(process.execPath, ['--version']).pid;

test('a run folder is locked until it is released, and no lock is left behind', async () => {
  const path = folder('free');
  const lock = await lockRunFolder(path, now);
  expect(readdirSync(path)).toEqual(['.lock']);
  expect(JSON.parse(readFileSync(join(path, '.lock'), 'utf8'))).toEqual({
    ...{ pid: process.pid, started: startTime(process.pid), since },
    ...processSpace(),
  });
  expect(lock.recovered).toBeUndefined();
  await lock.release();
  expect(readdirSync(path)).toEqual([]);
});

test('a second run of this process is refused while the first holds the folder, and takes it afterwards', async () => {
  const path = folder('twice');
  const first = await lockRunFolder(path, now);
  await expect(lockRunFolder(path, now)).rejects.toMatchObject({
    code: 7,
    message: `${path}: this process has been training here since ${since}; wait for it, or choose another --checkpoint-dir`,
  });
  expect(first.isHeld()).toBe(true);
  await first.release();
  expect(await recovery(path)).toBeUndefined();
});

test('a lock of a thread of this process that was ended is taken over after a minute of silence', async () => {
  const path = folder('ended', { pid: process.pid, started: startTime(process.pid), since, ...processSpace() });
  await expect(lockRunFolder(path, now)).rejects.toMatchObject({ code: 7 });
  silence(path, 61);
  expect(await recovery(path)).toBe('a lock left behind by this process was removed');
});

describe.each([
  ['', processSpace()],
  [' that an earlier version wrote, without a host,', {}],
])('a lock of this container%s', (name, space) => {
  const parent = { pid: process.ppid, started: startTime(process.ppid), since, ...space };

  test('is respected while its process lives, however long that stands still (exit 7)', async () => {
    const path = folder(`held${name}`, parent);
    silence(path, 3600);
    await expect(lockRunFolder(path, now)).rejects.toMatchObject({
      code: 7,
      message: `${path}: process ${process.ppid} has been training here since 2026-11-24T08:00:00.000Z; wait for it, or choose another --checkpoint-dir`,
    });
    expect(readdirSync(path)).toEqual(['.lock']);
  });

  test('is taken over at once when its process was killed, and the notice names that process', async () => {
    const dead = deadProcess();
    const path = folder(`stale${name}`, { ...parent, pid: dead });
    expect(await recovery(path)).toBe(`a lock left behind by process ${dead} was removed`);
  });

  testOnLinux('is taken over when another process has got its number since', async () => {
    const path = folder(`reused${name}`, { ...parent, started: 1 });
    expect(await recovery(path)).toBe(`a lock left behind by process ${process.ppid} was removed`);
  });

  testOnLinux('is taken over when its process has ended, but its parent has not taken note', async () => {
    const shell = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    try {
      const pid = Number(String((await once(shell.stdout, 'data'))[0]));
      const started = startTime(pid);
      expect(started).toBeGreaterThan(0);
      // Until the shell has become a program that never waits for its children, it may take note of the end.
      while (readFileSync(`/proc/${shell.pid}/comm`, 'utf8') !== 'sleep\n');
      process.kill(pid, 'SIGKILL');
      while (startTime(pid) !== undefined);
      expect(process.kill(pid, 0)).toBe(true);
      const path = folder(`zombie${name}`, { ...parent, pid, started });
      expect(await recovery(path)).toBe(`a lock left behind by process ${pid} was removed`);
    } finally {
      shell.kill('SIGKILL');
    }
  });
});

describe.each([
  ['on another host', { host: 'elsewhere', boot: 'b', namespace: 'pid:[1]' }, 'on host elsewhere'],
  ['on another host of the same name', { ...processSpace(), boot: 'b' }, `on host ${processSpace().host}`],
  [
    'in another container of this machine',
    { ...processSpace(), boot: 'same', namespace: 'pid:[1]' },
    `in another container (host ${processSpace().host})`,
  ],
])('a lock %s', (name, otherSpace, where) => {
  const { boot = null } = processSpace();
  const space = { ...otherSpace, boot: otherSpace.boot === 'same' ? boot : otherSpace.boot };
  const lockOf = (pid: number) => ({ pid, started: 1, since, ...space });

  testOnLinux('is respected while it is renewed, although no process of its id runs here (exit 7)', async () => {
    const dead = deadProcess();
    const path = folder(`${name} fresh`, lockOf(dead));
    silence(path, 55);
    await expect(lockRunFolder(path, now)).rejects.toMatchObject({
      code: 7,
      message: `${path}: process ${dead} ${where} has been training here since 2026-11-24T08:00:00.000Z; wait for it, or choose another --checkpoint-dir; if it has ended, the folder is free after 60 s, or at once by: rm '${join(path, '.lock')}'`,
    });
    expect(readdirSync(path)).toEqual(['.lock']);
  });

  testOnLinux('is taken over when it was not renewed for 60 s, although a process of its id runs here', async () => {
    const path = folder(`${name} silent`, lockOf(process.ppid));
    silence(path, 61);
    expect(await recovery(path)).toBe(
      `a lock left behind by process ${process.ppid} ${where}, without a sign of life for 60 s, was removed`,
    );
  });

  testOnLinux("is judged by the file system's clock, not by this machine's", async () => {
    const path = folder(`${name} clock`, lockOf(1));
    jest.useFakeTimers({ now: Date.now() + 3_600_000, doNotFake: ['setImmediate', 'nextTick'] });
    try {
      await expect(lockRunFolder(path, now)).rejects.toMatchObject({ code: 7 });
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('a holder', () => {
  test('that still has its lock may write', async () => {
    const lock = await lockRunFolder(folder('mine'), now);
    expect([lock.isHeld(), lock.assertHeld()]).toEqual([true, undefined]);
    await lock.release();
  });

  test('whose lock was taken may not (exit 7), learns by whom, and leaves it in place', async () => {
    const path = folder('lost');
    const lock = await lockRunFolder(path, now);
    const other = JSON.stringify({ pid: 17, started: 1, since, host: 'elsewhere' });
    rmSync(join(path, '.lock'));
    writeFileSync(join(path, '.lock'), other);
    expect(lock.isHeld()).toBe(false);
    expect(lock.assertHeld).toThrow(
      expect.objectContaining({
        code: 7,
        message: `${path}: this run's lock was taken by process 17 on host elsewhere, which trains here since 2026-11-24T08:00:00.000Z; this run ends and writes nothing more; choose another --checkpoint-dir`,
      }),
    );
    await lock.release();
    expect(readFileSync(join(path, '.lock'), 'utf8')).toBe(other);
  });

  test('whose lock was removed may not write either (exit 7)', async () => {
    const path = folder('removed');
    const lock = await lockRunFolder(path, now);
    rmSync(join(path, '.lock'));
    expect(lock.assertHeld).toThrow(
      expect.objectContaining({
        code: 7,
        message: `${path}: this run's lock was removed, perhaps by another run; this run ends and writes nothing more; choose another --checkpoint-dir`,
      }),
    );
    await lock.release();
    expect(readdirSync(path)).toEqual([]);
  });
});

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
    expect(await recovery(path)).toBe('a lock that names no process was removed');
  },
);

describe('one process at a time has the folder where many find', () => {
  const compiled = pathToFileURL(resolve('dist/src/run/folder/run-lock.js')).href; // with the program of its thread

  test.each([
    ['a dead lock of this container', {}],
    ['a silent lock of another host', { host: 'elsewhere' }],
  ])('%s', async (name, space) => {
    const dead = deadProcess();
    for (let round = 0; round < 3; round++) {
      const path = folder(`${name} ${round}`, { pid: dead, since, ...space });
      silence(path, 61);
      const log = join(root, `${name} log-${round}`);
      const script = `
      import { appendFileSync } from 'node:fs';
      import { setTimeout } from 'node:timers/promises';
      import { lockRunFolder } from '${compiled}';
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
      await Promise.all(Array.from({ length: 5 }, () => promisify(execFile)(process.execPath, words)));
      expect(readFileSync(log, 'utf8')).toMatch(/^(<>)+$/);
      expect(readdirSync(path)).toEqual([]);
    }
  });
});
