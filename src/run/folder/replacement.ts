/**
 * A new run in a folder that holds an earlier one. Until the new run has saved, its files are in a folder of their own,
 * and all of the earlier run's are where they were. Then both change places at once.
 */
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder, writeFailure } from '../../checkpoint/atomic-file.ts';
import type { Notice } from '../../errors.ts';
import { folderWithBest } from './earlier-folders.ts';
import { CHECKPOINT_FILES, EARLIER_FOLDER, RUN_NAMES, STAGING_NAME } from './run-files.ts';
import { allOrNothing, freeName, keep, makeEarlierFolder, moveFiles, type Undo } from './set-aside.ts';

const { best, last } = CHECKPOINT_FILES;
/** All but the two checkpoints that are under their names at every moment. */
const OTHER_NAMES = RUN_NAMES.filter((name) => name !== best && name !== last);

/** The folder of the new run's files while the earlier run's are still to be moved. */
const waiting = (folder: string, date: string) => join(folder, `.new-${date}`);
/** The name of the same folder once the earlier run's files are moved: all that is in it belongs in the run's folder. */
const ready = (folder: string, date: string) => join(folder, `.ready-${date}`);

/** The change from an earlier run's files to those of a new run. */
export class Replacement {
  readonly #folder: string;
  readonly #date: string;
  #isDone = false;

  private constructor(folder: string, date: string) {
    this.#folder = folder;
    this.#date = date;
  }

  /**
   * Makes the folder of the new run's files.
   *
   * @param now names the folder that the earlier run's files will be moved to
   * @returns undefined if the folder holds no earlier run
   * @throws UserError (io) if it cannot be made, or if the earlier run's files will have no place to be moved to
   */
  static begin(folder: string, now: Date): Replacement | undefined {
    const names = readdirSync(folder).filter((name) => RUN_NAMES.includes(name));
    if (names.length === 0) return undefined;
    return allOrNothing(folder, () => {
      expectMovable(folder, names);
      const date = freeName(folder, now);
      mkdirSync(waiting(folder, date));
      return new Replacement(folder, date);
    });
  }

  /** The folder that the new run's files are in. */
  get folder(): string {
    return this.#isDone ? this.#folder : waiting(this.#folder, this.#date);
  }

  /** The folder that the earlier run's files are moved to. */
  get earlier(): string {
    return join(this.#folder, EARLIER_FOLDER, this.#date);
  }

  /** Whether the files have changed places. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /**
   * Moves the earlier run's files to `earlier/<date>/`, and the new run's into the folder. The earlier best stays in
   * the folder too, unless there is a new one to replace it. All is done in one turn of the event loop, so that no
   * record is written meanwhile.
   *
   * @throws UserError (io) if a file cannot be moved; then all are where they were
   */
  complete(): void {
    change(this.#folder, this.#date);
    this.#isDone = true;
  }

  /**
   * Makes the change survive a power cut.
   *
   * @throws UserError (io) if the disk refuses it
   */
  async sync(): Promise<void> {
    for (const folder of [this.earlier, this.#folder]) {
      await syncFolder(folder).catch((error) => Promise.reject(writeFailure(folder, 0, error)));
    }
  }

  /**
   * Removes the new run's files, unless the change is done. If the new run has saved, but the change failed, they stay:
   * the next run tries again.
   */
  abandon(): void {
    if (!this.#isDone && !hasSaved(this.folder)) removeQuietly(this.folder);
  }
}

/** Whether a new run in its folder of its own has saved. */
const hasSaved = (staging: string) => existsSync(join(staging, last));

/**
 * Checks that this user may move files out of a folder, before any work: in a sticky folder, as /tmp is, only the owner
 * of a file may.
 *
 * @throws a system error naming the first file that may not be moved
 */
function expectMovable(folder: string, names: readonly string[]): void {
  const { mode, uid: owner } = statSync(folder);
  const user = process.geteuid?.();
  if ((mode & STICKY) === 0 || user === undefined || user === 0 || user === owner) return;
  const others = names.map((name) => join(folder, name)).find((path) => lstatSync(path).uid !== user);
  if (others !== undefined) throw Object.assign(new Error(), { code: 'EPERM', path: others });
}

/** The mode bit of a sticky folder. */
const STICKY = 0o1000;

function change(folder: string, date: string): void {
  const [from, moved] = [waiting(folder, date), ready(folder, date)];
  const advice = `the new run's are in ${from}: the next train here tries again, unless that folder is moved elsewhere`;
  const work = (undo: Undo) => {
    if (existsSync(from)) {
      const owner = folderWithBest(folder); // of a best that is still that of a run before the earlier one
      if (owner !== undefined) undo.push(() => keep(join(owner, best), join(folder, best)));
      const kept = owner === undefined ? [best, last] : [last];
      moveFiles(folder, makeEarlierFolder(folder, date, undo), { moved: OTHER_NAMES, kept }, undo);
      renameSync(from, moved);
      undo.push(() => renameSync(moved, from));
    }
    moveFiles(moved, folder, { moved: [...OTHER_NAMES, best, last], kept: [] }, undo);
  };
  allOrNothing(folder, work, advice);
  removeQuietly(moved);
}

/** Removes a folder. One that cannot be removed does no harm, and the next run tries again. */
function removeQuietly(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {}
}

/**
 * Completes the change that a killed run had begun, or removes the files of a run that was killed before it saved. The
 * folder must be locked.
 *
 * @throws UserError (io) if a file cannot be moved
 */
export function recoverReplacement(folder: string, notice: Notice): void {
  for (const name of readdirSync(folder)) {
    const { state, date = '' } = STAGING_NAME.exec(name)?.groups ?? {};
    const path = join(folder, name);
    if (state === undefined || !lstatSync(path).isDirectory()) continue;
    if (state === 'ready' || hasSaved(path)) {
      change(folder, date);
      notice(
        `${folder}: a new run was killed when it had saved; it is in place now, and the run before it is in ` +
          join(folder, EARLIER_FOLDER, date),
      );
    } else {
      removeQuietly(path);
      notice(`${folder}: a new run was killed before it had saved; the run before it is as it was`);
    }
  }
}
