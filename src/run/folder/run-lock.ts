/** The lock on a run's folder: a file that names the process that holds it. One run at a time uses a folder. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { shellPath } from '../../called-as.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { SILENCE_MS, startHeartbeat } from './heartbeat.ts';
import { createLock, fileSystemTime, type LockFile, readLock, removeLock } from './lock-file.ts';
import { describeHolder, holderOf, holderText, isForeign, isRunning, isThisProcess } from './lock-holder.ts';
import { LOCK_FILE } from './run-files.ts';

/** A lock on a folder, held until `release` is called, or until another process takes it from one that stood still. */
export interface RunLock {
  /** Tells of the dead process whose lock was removed; undefined without such a lock. */
  readonly recovered: string | undefined;
  /** Whether the lock is still this process's. */
  isHeld(): boolean;
  /**
   * To be called before each write into the folder: a process that stood still (a laptop asleep, a paused machine)
   * may have lost the lock.
   *
   * @throws UserError (locked) naming the process that holds the lock now
   */
  assertHeld(): void;
  /** Removes the lock, if it is still this process's. */
  release(): Promise<void>;
}

/**
 * Locks a run's folder, also against other machines and containers. A lock whose process is dead is removed first.
 *
 * @param folder a folder that can be written to
 * @param now the time of the lock, which other processes show in their message
 * @throws UserError (locked) naming the process that holds the lock and since when, (io) if the lock cannot be written
 */
export async function lockRunFolder(folder: string, now: Date): Promise<RunLock> {
  const path = join(folder, LOCK_FILE);
  const { text, recovered, isHeld, release } = await acquire(path, folder, now);
  const heartbeat = startHeartbeat(path, text);
  return {
    recovered,
    isHeld,
    assertHeld() {
      if (!isHeld()) throw new UserError(lossOf(path, folder), ExitCode.locked);
    },
    async release() {
      await heartbeat.stop();
      release();
    },
  };
}

/** A lock without a heartbeat. */
interface Claim extends Pick<RunLock, 'recovered' | 'isHeld'> {
  readonly text: string;
  release(): void;
}

async function acquire(path: string, folder: string, now: Date): Promise<Claim> {
  const text = holderText(now);
  let recovered: string | undefined;
  while (!(await createLock(path, text))) {
    const found = readLock(path);
    if (found === undefined) continue; // released just now
    if (isLive(path, found)) throw new UserError(refusalOf(path, folder, found), ExitCode.locked);
    recovered = recoveryFrom(found);
    await removeStale(path, found, folder, now);
  }
  const remove = () => {
    try {
      removeLock(path, text);
    } catch {} // it is known to be a dead process's as soon as this one has ended
  };
  process.once('exit', remove); // runs however this process ends, unless it is killed
  return {
    text,
    recovered,
    isHeld: () => readLock(path)?.text === text,
    release() {
      process.off('exit', remove);
      remove();
    },
  };
}

/** Whether a lock's holder lives, as far as can be seen from here. */
function isLive(path: string, { text, renewed }: LockFile): boolean {
  const holder = holderOf(text);
  if (holder === undefined) return false;
  // A thread of this process may have been ended, and cannot be looked at.
  const beats = isForeign(holder) || isThisProcess(holder);
  return beats ? fileSystemTime(path) - renewed <= SILENCE_MS : isRunning(holder);
}

/**
 * Removes a lock whose holder is dead. Two processes may read the same dead lock: the slower one would then remove the
 * faster one's new lock. So the remover first takes a second lock, the guard, which is named after the dead lock's
 * text. A holder that stood still may have gone on meanwhile: its lock stays.
 */
async function removeStale(path: string, { text }: LockFile, folder: string, now: Date): Promise<void> {
  const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const guard = await acquire(`${join(folder, LOCK_FILE)}.${name}`, folder, now);
  try {
    const found = readLock(path);
    if (found?.text === text && !isLive(path, found)) removeLock(path, text);
  } finally {
    guard.release();
  }
}

/**
 * The guard's file name. A guard may be removed by the holder of the folder's lock, whoever left it: the lock that it
 * guarded is gone, so that its holder, if it lives, finds another text and removes nothing.
 */
export const STALE_GUARD = /^\.lock\.[0-9a-f]{16}$/;

function refusalOf(path: string, folder: string, { text }: LockFile): string {
  const holder = holderOf(text);
  if (holder === undefined) throw new Error('a lock that names no process is not live');
  const advice = 'wait for it, or choose another --checkpoint-dir';
  const byHand = `; if it has ended, the folder is free after ${SILENCE_MS / 1000} s, or at once by: rm ${shellPath(path)}`;
  const held = `${folder}: ${describeHolder(holder)} has been training here since ${holder.since}; ${advice}`;
  return isForeign(holder) ? held + byHand : held;
}

function recoveryFrom({ text }: LockFile): string {
  const holder = holderOf(text);
  if (holder === undefined) return 'a lock that names no process was removed';
  const silent = isForeign(holder) ? `, without a sign of life for ${SILENCE_MS / 1000} s,` : '';
  return `a lock left behind by ${describeHolder(holder)}${silent} was removed`;
}

function lossOf(path: string, folder: string): string {
  const text = readLock(path)?.text;
  const holder = text === undefined ? undefined : holderOf(text);
  const end = 'this run ends and writes nothing more; choose another --checkpoint-dir';
  if (holder === undefined) return `${folder}: this run's lock was removed, perhaps by another run; ${end}`;
  const { since } = holder;
  return `${folder}: this run's lock was taken by ${describeHolder(holder)}, which trains here since ${since}; ${end}`;
}
