/** How much room earlier runs take in a run's folder, and the removal of the oldest, which a user asks for. */
import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Notice } from '../errors.ts';
import { EVENT_FILE_SUFFIX } from '../runtime/tensorboard-files.ts';
import { earlierFolders } from './folder/earlier-folders.ts';
import { EARLIER_FOLDER, RUN_NAMES, TENSORBOARD_FOLDER } from './folder/run-files.ts';

/** The room that earlier runs take, for example `earlier/ holds 3 runs, 412 MiB`, and how to have less of it. */
export async function describeEarlier(folder: string): Promise<string> {
  const folders = earlierFolders(folder);
  const sizes = await Promise.all(folders.map(sizeOf));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return (
    `${EARLIER_FOLDER}/ holds ${counted(folders.length)}, ${mebibytes(bytes)} ` +
    '(--keep-earlier N removes all but the newest N)'
  );
}

/**
 * Removes the oldest folders in `earlier/`, and says which. A folder that holds anything but a run's files stays. Links
 * are removed, never followed.
 *
 * @param count number of the newest folders that stay
 * @param assertHeld called before each folder is removed; see `RunLock`
 * @throws what `assertHeld` throws; no other folder is removed then
 */
export async function removeEarlier(
  folder: string,
  count: number,
  notice: Notice,
  assertHeld: () => void,
): Promise<void> {
  const removed: string[] = [];
  let bytes = 0;
  for (const path of earlierFolders(folder).slice(count).reverse()) {
    const files = await filesOfRun(path);
    if (files === undefined) {
      notice(`${path} was not removed: it holds other files than a run's`);
      continue;
    }
    const size = await sizeOf(path);
    assertHeld();
    try {
      for (const file of files) await rm(file);
      await rmdir(join(path, TENSORBOARD_FOLDER)).catch(() => {}); // most runs have none
      await rmdir(path);
    } catch (error) {
      notice(`${path} could not be removed (${(error as NodeJS.ErrnoException).code}); remove it by hand`);
      continue;
    }
    removed.push(basename(path));
    bytes += size;
  }
  await rmdir(join(folder, EARLIER_FOLDER)).catch(() => {}); // unless it holds others
  if (removed.length === 0) return;
  notice(
    `removed ${counted(removed.length)} from ${join(folder, EARLIER_FOLDER)}, ${mebibytes(bytes)}: ${removed.join(', ')}`,
  );
}

/** Paths of the files in an earlier run's folder; undefined if any of them is not a run's. */
async function filesOfRun(folder: string): Promise<string[] | undefined> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name === TENSORBOARD_FOLDER && entry.isDirectory()) {
      const events = await readdir(path, { withFileTypes: true });
      if (!events.every((each) => each.isFile() && each.name.endsWith(EVENT_FILE_SUFFIX))) return undefined;
      files.push(...events.map(({ name }) => join(path, name)));
    } else if (RUN_NAMES.includes(entry.name) && !entry.isDirectory()) files.push(path);
    else return undefined;
  }
  return files;
}

/** Bytes of all files below a folder; a link counts as itself. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries.map((entry) => (entry.isFile() ? lstat(join(entry.parentPath, entry.name)).then(({ size }) => size) : 0)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const counted = (runs: number) => `${runs} run${runs === 1 ? '' : 's'}`;
const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
