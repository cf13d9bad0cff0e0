/** Makes a run's folder ready: creates it, checks it, removes temporary files. */
import { lstat, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TEMPORARY_FILE, temporaryPath } from '../../checkpoint/atomic-file.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { makeFolder } from '../../make-folder.ts';
import { isAlive } from '../../processes.ts';
import { SILENCE_MS } from './heartbeat.ts';
import { fileSystemTime } from './lock-file.ts';
import { LOCK_FILE, REPORT_FILES, RUN_FILES } from './run-files.ts';
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

/**
 * Bytes of the run's files in the folder that are free once other files replace them. A file that has a second name
 * elsewhere, as an earlier run's best has in `earlier/`, stays.
 *
 * @param files names of the files; default: all of a run
 */
export async function sizeOfRun(folder: string, files: readonly string[] = Object.values(RUN_FILES)): Promise<number> {
  const sizes = files.map((file) =>
    stat(join(folder, file)).then(
      ({ size, nlink }) => (nlink > 1 ? 0 : size),
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
 * Removes the temporary files of killed processes. The folder must be locked: otherwise a live run might be writing
 * them. In another container or on another machine a process of the id in the name may live; but it has no lock, so
 * what it writes is a probe or a lock, and it can do without the file, or a report.
 */
export async function removeStaleTemporaries(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    const { name, pid } = TEMPORARY_FILE.exec(file)?.groups ?? {};
    if (STALE_GUARD.test(file)) await rm(join(folder, file)).catch(() => {});
    const isTemporary = name === LOCK_FILE || Object.values<string | undefined>(RUN_FILES).includes(name);
    const isOwn = Number(pid) === process.pid; // or an earlier process's: ids repeat in containers, which count from 1
    if ((isOwn || isReport(name)) && (await isRecent(join(folder, file)))) continue;
    // Another user's file may not be removable. It takes room, but harms nothing.
    if (isTemporary && (isOwn || !isAlive(Number(pid)))) await rm(join(folder, file)).catch(() => {});
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
