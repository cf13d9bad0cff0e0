/** The heartbeat of a lock: who looks at the file sees that its holder lives, until the lock is another's. */
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, test } from '@jest/globals';
import { startHeartbeat } from '../../../src/run/folder/heartbeat.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const INTERVAL_MS = 50;
const THREAD = fileURLToPath(new URL('../../../src/run/folder/heartbeat-worker.js', import.meta.url));

/** A lock that was last renewed at the beginning of 1970. */
function oldLock(text: string): string {
  const path = join(mkdtempSync(join(root, 'lock-')), '.lock');
  writeFileSync(path, text);
  makeOld(path);
  return path;
}

const makeOld = (path: string) => utimesSync(path, 1, 1);
const isRenewed = (path: string) => statSync(path).mtimeMs > 1000;
const renewal = async (path: string) => {
  while (!isRenewed(path)) await setTimeout(10);
};

test('renews the time of the file and leaves its text, again and again', async () => {
  const path = oldLock('mine');
  const heartbeat = startHeartbeat(path, 'mine', INTERVAL_MS);
  await renewal(path);
  makeOld(path);
  await renewal(path);
  await heartbeat.stop();
  makeOld(path);
  await setTimeout(3 * INTERVAL_MS);
  expect([isRenewed(path), statSync(path).size]).toEqual([false, 4]);
});

test('goes on while the main thread stands still', async () => {
  const path = oldLock('mine');
  const heartbeat = startHeartbeat(path, 'mine', INTERVAL_MS);
  await renewal(path);
  makeOld(path);
  const end = performance.now() + 30_000;
  while (!isRenewed(path) && performance.now() < end); // no turn of the event loop
  expect(isRenewed(path)).toBe(true);
  await heartbeat.stop();
});

test("ends when the lock is another's, which it never renews, nor its own when that is back", async () => {
  const [path, other] = [oldLock('mine'), oldLock('theirs')];
  const workerData = { path, text: 'mine', interval: INTERVAL_MS };
  const thread = new Worker(THREAD, { workerData }); // the thread alone, whose end can be waited for
  await renewal(path);
  renameSync(path, `${path}.mine`);
  makeOld(`${path}.mine`);
  renameSync(other, path);
  expect(await once(thread, 'exit')).toEqual([0]);
  expect([path, `${path}.mine`].map(isRenewed)).toEqual([false, false]);
});

test('ends in silence when the lock is gone', async () => {
  const path = oldLock('mine');
  rmSync(path);
  const heartbeat = startHeartbeat(path, 'mine', INTERVAL_MS);
  await setTimeout(3 * INTERVAL_MS);
  await heartbeat.stop();
});
