/** A run's folder: what lies in it, and how it is made ready. */
import { lstat, mkdir, readdir, readlink, rename, rm, stat, statfs, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { TEMPORARY_FILE, temporaryPath } from '../../checkpoint/atomic-file.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { makeFolder } from '../../make-folder.ts';
import { isAlive } from '../../processes.ts';
import { EARLIER_FOLDER, LOCK_FILE, RUN_FILES, TENSORBOARD_FOLDER } from './run-files.ts';
import { STALE_GUARD } from './run-lock.ts';

/**
 * Makes a folder ready for a run: see `prepareFolder`.
 * @throws {UserError} exit 5 naming the folder
 */
export function prepareRunFolder(folder: string): Promise<void> {
  return prepareFolder(folder, Object.values(RUN_FILES), '--checkpoint-dir');
}

/**
 * Makes a folder ready for files: creates it, and proves by trying that it can be written to (mode bits mean nothing to
 * root, or on a read-only file system).
 * @param files which will be written
 * @param flag by which another folder is chosen
 * @throws {UserError} exit 5 naming the folder
 */
export async function prepareFolder(folder: string, files: readonly string[], flag: string): Promise<void> {
  const probe = temporaryPath(join(folder, RUN_FILES.last));
  try {
    await makeFolder(folder);
    await expectNoFolders(folder, files);
    await writeFile(probe, 'x', { flag: 'wx' });
    await rm(probe);
  } catch (error) {
    await rm(probe, { force: true }).catch(() => {}); // on a full disk it is there, and empty
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `${folder}: not a folder that can be written to (${code}); choose another with ${flag}`,
      ExitCode.io,
      { cause: error },
    );
  }
}

/** What could only be found when the first file is to be replaced, after the work. */
async function expectNoFolders(folder: string, names: readonly string[]): Promise<void> {
  const taken = (await readdir(folder, { withFileTypes: true })).find(
    (each) => names.includes(each.name) && each.isDirectory(),
  );
  if (taken)
    throw new UserError(`${join(folder, taken.name)}: is a folder, and a file is to be written; move it`, ExitCode.io);
}

/** Bytes that a run's files take already. */
export async function sizeOfRun(folder: string): Promise<number> {
  const sizes = Object.values(RUN_FILES).map((file) =>
    stat(join(folder, file)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size);
}

/**
 * @param bytes what a run's files take at most
 * @param replaced those of them that are there already
 * @throws {UserError} exit 5 if the disk has less room than that
 */
export async function checkRoom(folder: string, bytes: number, replaced: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const missing = bytes - replaced - bavail * bsize;
  if (missing <= 0) return;
  const mebibytes = (count: number) => `${Math.ceil(count / 2 ** 20)} MiB`;
  throw new UserError(
    `${folder}: no room for the checkpoints: they take up to ${mebibytes(bytes)}, of which ${mebibytes(missing)} are ` +
      'missing; free some, or choose another --checkpoint-dir',
    ExitCode.io,
  );
}

/**
 * Moves an earlier run's files to `earlier/<date>/` inside the folder, so that a new run never costs a trained model.
 * @param now names the new folder, in UTC; `-2`, `-3` … are appended if it is taken
 * @param names which files and folders; default: all of a run
 * @returns the new folder's path, or undefined if there was nothing to move
 * @throws {UserError} exit 5 naming the file that could not be moved
 */
export async function setAside(
  folder: string,
  now: Date,
  names: readonly string[] = [...Object.values(RUN_FILES), TENSORBOARD_FOLDER],
): Promise<string | undefined> {
  try {
    const present = new Set(await readdir(folder));
    const found = names.filter((name) => present.has(name));
    if (found.length === 0) return undefined;
    const target = await makeFreshFolder(
      join(folder, EARLIER_FOLDER),
      now.toISOString().slice(0, 19).replaceAll(':', '-'),
    );
    for (const name of found) await move(join(folder, name), join(target, name));
    return target;
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    throw new UserError(`${path ?? folder}: an earlier run's files could not be moved aside (${code})`, ExitCode.io, {
      cause: error,
    });
  }
}

async function makeFreshFolder(parent: string, name: string): Promise<string> {
  await makeFolder(parent);
  // A link would lead the files out of the run's folder.
  if ((await lstat(parent)).isSymbolicLink()) throw Object.assign(new Error(), { code: 'ELOOP', path: parent });
  for (let attempt = 1; ; attempt++) {
    const path = join(parent, attempt === 1 ? name : `${name}-${attempt}`);
    try {
      await mkdir(path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Removes what killed writers left half-written. The folder must be locked: else it may be another's that still writes. */
export async function removeStaleTemporaries(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    const { name, pid } = TEMPORARY_FILE.exec(file)?.groups ?? {};
    if (STALE_GUARD.test(file)) await rm(join(folder, file)).catch(() => {});
    const ours = name === LOCK_FILE || Object.values<string | undefined>(RUN_FILES).includes(name);
    // One that another user's process left may be out of reach; it takes room, but is in nobody's way.
    if (ours && !isOtherLiveProcess(Number(pid))) await rm(join(folder, file)).catch(() => {});
  }
}

/** This process has written nothing yet, so a file of its id is from an earlier one: containers count from 1 again. */
function isOtherLiveProcess(pid: number): boolean {
  return pid !== process.pid && isAlive(pid);
}

/** Moves a file or a folder, or a link so that it still leads to the same one. */
async function move(from: string, to: string): Promise<void> {
  if ((await lstat(from)).isSymbolicLink()) {
    await symlink(resolve(dirname(from), await readlink(from)), to);
    await rm(from);
  } else {
    await rename(from, to);
  }
}
