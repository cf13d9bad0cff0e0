import { lstat, mkdir, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { isAlive } from '../processes.ts';
import { TEMPORARY_FILE, temporaryPath } from './atomic-file.ts';

/** What a run leaves in its folder. Only these are ever moved or replaced. */
export const RUN_FILES = { best: 'best.safetensors', last: 'last.safetensors' } as const;

/**
 * Makes a folder ready for a run: creates it, proves by trying that it can be written to (mode bits mean nothing to
 * root, or on a read-only file system), and removes what killed writers left half-written.
 * @throws {UserError} exit 5 naming the folder
 */
export async function prepareRunFolder(folder: string): Promise<void> {
  const probe = temporaryPath(join(folder, RUN_FILES.last));
  try {
    await makeFolder(folder);
    await removeStaleTemporaries(folder);
    await writeFile(probe, 'x', { flag: 'wx' });
    await rm(probe);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `${folder}: not a folder that can be written to (${code}); choose another with --checkpoint-dir`,
      ExitCode.io,
      { cause: error },
    );
  }
}

/**
 * Moves an earlier run's files to `earlier/<date>/` inside the folder, so that a new run never costs a trained model.
 * @param now names the new folder, in UTC; `-2`, `-3` … are appended if it is taken
 * @returns the new folder's path, or undefined if there was nothing to move
 * @throws {UserError} exit 5 naming the file that could not be moved
 */
export async function setAsideEarlierRun(folder: string, now: Date): Promise<string | undefined> {
  try {
    const present = new Set(await readdir(folder));
    const files = Object.values(RUN_FILES).filter((file) => present.has(file));
    if (files.length === 0) return undefined;
    const target = await makeFreshFolder(join(folder, 'earlier'), now.toISOString().slice(0, 19).replaceAll(':', '-'));
    for (const file of files) await move(join(folder, file), join(target, file));
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

async function removeStaleTemporaries(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    const { name, pid } = TEMPORARY_FILE.exec(file)?.groups ?? {};
    const ours = Object.values<string | undefined>(RUN_FILES).includes(name);
    // One that another user's process left may be out of reach; it takes room, but is in nobody's way.
    if (ours && !isOtherLiveProcess(Number(pid))) await rm(join(folder, file)).catch(() => {});
  }
}

/** This process has written nothing yet, so a file of its id is from an earlier one: containers count from 1 again. */
function isOtherLiveProcess(pid: number): boolean {
  return pid !== process.pid && isAlive(pid);
}

/** Moves a file, or a link so that it still leads to the same file. */
async function move(from: string, to: string): Promise<void> {
  if ((await lstat(from)).isSymbolicLink()) {
    await symlink(resolve(dirname(from), await readlink(from)), to);
    await rm(from);
  } else {
    await rename(from, to);
  }
}
