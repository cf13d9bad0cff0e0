/** The heartbeat of a lock: who looks at the file sees that its holder lives, until the lock is another's. */
import { mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { startHeartbeat } from '../../../src/run/folder/heartbeat.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const INTERVAL_MS = 50;

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

test("never renews another's lock, not even when its own is back", async () => {
  const [path, other] = [oldLock('mine'), oldLock('theirs')];
  const heartbeat = startHeartbeat(path, 'mine', INTERVAL_MS);
  await renewal(path);
  renameSync(path, `${path}.mine`);
  renameSync(other, path);
  await setTimeout(5 * INTERVAL_MS);
  expect(isRenewed(path)).toBe(false);
  renameSync(`${path}.mine`, path);
  makeOld(path);
  await setTimeout(3 * INTERVAL_MS);
  expect(isRenewed(path)).toBe(false);
  await heartbeat.stop();
});

test('ends in silence when the lock is gone', async () => {
  const path = oldLock('mine');
  rmSync(path);
  const heartbeat = startHeartbeat(path, 'mine', INTERVAL_MS);
  await setTimeout(3 * INTERVAL_MS);
  await heartbeat.stop();
});
