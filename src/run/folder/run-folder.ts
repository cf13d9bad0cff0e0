/** Makes a run's folder ready: creates it, checks it, moves earlier files aside, removes temporary files. */
import { lstat, mkdir, readdir, readlink, rename, rm, stat, statfs, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { TEMPORARY_FILE, temporaryPath } from '../../checkpoint/atomic-file.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { makeFolder } from '../../make-folder.ts';
import { isAlive } from '../../processes.ts';
import { SILENCE_MS } from './heartbeat.ts';
import { fileSystemTime } from './lock-file.ts';
import { EARLIER_FOLDER, LOCK_FILE, REPORT_FILES, RUN_FILES, TENSORBOARD_FOLDER } from './run-files.ts';
import { STALE_GUARD } from './run-lock.ts';

/**
 * Makes a folder ready for a run's files, as `prepareFolder` does.
 *
 * @throws UserError (io) naming the folder
 */
export function prepareRunFolder(folder: string): Promise<void> {
  return prepareFolder(folder, Object.values(RUN_FILES), '--checkpoint-dir');
}

/**
 * Makes a folder ready for files: creates it, and writes a probe into it. (Mode bits are no proof: root ignores them,
 * and so does a read-only file system.)
 *
 * @param files names of the files that will be written
 * @param flag the flag that chooses another folder, for the message
 * @throws UserError (io) naming the folder, or a folder in it that has the name of a file to write
 */
export async function prepareFolder(folder: string, files: readonly string[], flag: string): Promise<void> {
  const probe = temporaryPath(join(folder, RUN_FILES.last));
  try {
    await makeFolder(folder);
    await expectNoFolders(folder, files);
    await writeFile(probe, 'x', { flag: 'wx' });
    await rm(probe, { force: true }); // who locks the folder may take it for a dead process's
  } catch (error) {
    await rm(probe, { force: true }).catch(() => {}); // a full disk creates it, but takes no byte
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `${folder}: not a folder that can be written to (${code}); choose another with ${flag}`,
      ExitCode.io,
      { cause: error },
    );
  }
}

/** Refuses folders that have the name of a file to write. Otherwise the first save would fail, after the work. */
async function expectNoFolders(folder: string, names: readonly string[]): Promise<void> {
  const taken = (await readdir(folder, { withFileTypes: true })).find(
    (each) => names.includes(each.name) && each.isDirectory(),
  );
  if (taken) {
    throw new UserError(`${join(folder, taken.name)}: is a folder where a file must be written; move it`, ExitCode.io);
  }
}

/** Bytes of the run's files that are in the folder now. */
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
 * Checks that the disk has room for a run's checkpoints.
 *
 * @param bytes the most bytes that they take at one time
 * @param replaced bytes of the files in the folder that they replace
 * @throws UserError (io) if the disk has too little room
 */
export async function checkRoom(folder: string, bytes: number, replaced: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const missing = bytes - replaced - bavail * bsize;
  if (missing <= 0) return;
  const mebibytes = (count: number) => `${Math.ceil(count / 2 ** 20)} MiB`;
  throw new UserError(
    `${folder}: no room for the checkpoints: they take up to ${mebibytes(bytes)}, ${mebibytes(missing)} more than is ` +
      'free; free some, or choose another --checkpoint-dir',
    ExitCode.io,
  );
}

/**
 * Moves an earlier run's files to `earlier/<date>/` inside the folder, so that a new run never destroys a trained
 * model.
 *
 * @param now names the new folder, in UTC; `-2`, `-3` … are appended if that name is taken
 * @param names files and folders to move; default: all of a run
 * @returns the new folder's path, or undefined if there was nothing to move
 * @throws UserError (io) naming the file that could not be moved
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
    throw new UserError(
      `${path ?? folder}: an earlier run's files could not be moved aside (${code}); choose another --checkpoint-dir`,
      ExitCode.io,
      {
        cause: error,
      },
    );
  }
}

async function makeFreshFolder(parent: string, name: string): Promise<string> {
  await makeFolder(parent);
  // A symbolic link would move the files out of the run's folder.
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

/**
 * Removes the temporary files of killed processes. The folder must be locked: otherwise a live run might be writing
 * them. In another container or on another machine a process of the id in the name may live; but it has no lock, so
 * what it writes is a probe or a lock, and it can do without the file, or a report.
 */
export async function removeStaleTemporaries(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    const { name, pid } = TEMPORARY_FILE.exec(file)?.groups ?? {};
    if (STALE_GUARD.test(file)) await rm(join(folder, file)).catch(() => {});
    const isTemporary = name === LOCK_FILE || Object.values<string | undefined>(RUN_FILES).includes(name);
    if (isReport(name) && (await isRecent(join(folder, file)))) continue;
    // Another user's file may not be removable. It takes room, but harms nothing.
    if (isTemporary && !isOtherLiveProcess(Number(pid))) await rm(join(folder, file)).catch(() => {});
  }
}

function isReport(name: string | undefined): boolean {
  return Object.values<string | undefined>(REPORT_FILES).includes(name);
}

/** Whether a file was written so lately that its writer may live. */
async function isRecent(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined); // its writer may have removed it just now
  return stats !== undefined && fileSystemTime(path) - stats.mtimeMs <= SILENCE_MS;
}

/**
 * Whether another process of this id is running. This process has written nothing yet, so a file with its own id is an
 * earlier process's: process ids repeat in containers, which count from 1.
 */
function isOtherLiveProcess(pid: number): boolean {
  return pid !== process.pid && isAlive(pid);
}

/** Moves a file, a folder or a symbolic link; the link leads to the same target afterwards. */
async function move(from: string, to: string): Promise<void> {
  if ((await lstat(from)).isSymbolicLink()) {
    await symlink(resolve(dirname(from), await readlink(from)), to);
    await rm(from);
  } else {
    await rename(from, to);
  }
}
