/** Moves files of a run's folder aside, to `earlier/<date>/` inside the folder: a trained model is never destroyed. */
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { cannotLink, temporaryPath } from '../../checkpoint/atomic-file.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { EARLIER_FOLDER } from './run-files.ts';

/** The steps that undo what was done, the latest last. */
export type Undo = (() => void)[];

/**
 * Moves files of a run's folder to `earlier/<date>/` inside it, all or none.
 *
 * @param now names the new folder, in UTC; `-2`, `-3` … are appended if that name is taken
 * @param moved names of files and folders to move, as far as they exist
 * @param kept names of files that also stay in the folder, until others replace them
 * @returns the new folder's path, or undefined if there was nothing to move or to keep
 * @throws UserError (io) naming the file that could not be moved
 */
export function setAside(
  folder: string,
  now: Date,
  moved: readonly string[],
  kept: readonly string[] = [],
): string | undefined {
  return allOrNothing(folder, (undo) => {
    const present = new Set(readdirSync(folder));
    const found = [...kept, ...moved].filter((name) => present.has(name));
    if (found.length === 0) return undefined;
    const target = makeEarlierFolder(folder, freeName(folder, now), undo);
    moveFiles(folder, target, { moved, kept }, undo);
    return target;
  });
}

/**
 * Does work of several moves; if one fails, undoes those before it.
 *
 * @param advice the end of the error's message: what to do if a file cannot be moved
 * @throws UserError (io) naming the file that could not be moved
 */
export function allOrNothing<T>(
  folder: string,
  work: (undo: Undo) => T,
  advice = 'choose another --checkpoint-dir',
): T {
  const undo: Undo = [];
  try {
    return work(undo);
  } catch (error) {
    for (const step of undo.reverse()) attempt(step);
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error; // not an error of the system, so a bug
    throw new UserError(
      `${path ?? folder}: an earlier run's files could not be moved aside (${code}); ${advice}`,
      ExitCode.io,
      { cause: error },
    );
  }
}

/** Does a step of undoing; a step that fails does not keep the others from being undone. */
function attempt(step: () => void): void {
  try {
    step();
  } catch {}
}

/** The name of a new folder in `earlier/`: the time, with a number after it if the name is taken. */
export function freeName(folder: string, now: Date): string {
  const time = now.toISOString().slice(0, 19).replaceAll(':', '-');
  const earlier = earlierIn(folder);
  for (let number = 1; ; number++) {
    const name = number === 1 ? time : `${time}-${number}`;
    if (!existsSync(join(earlier, name))) return name;
  }
}

/**
 * The path of `earlier/`, which need not exist.
 *
 * @throws a system error if something else has its name. A symbolic link would lead the files out of the run's folder
 */
function earlierIn(folder: string): string {
  const path = join(folder, EARLIER_FOLDER);
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.isDirectory()) return path;
  throw Object.assign(new Error(), { code: stats.isSymbolicLink() ? 'ELOOP' : 'EEXIST', path });
}

/** Makes the folder `name` in `earlier/`, unless it exists. */
export function makeEarlierFolder(folder: string, name: string, undo: Undo): string {
  const parent = earlierIn(folder);
  const path = join(parent, name);
  for (const made of [parent, path]) {
    if (existsSync(made)) continue;
    mkdirSync(made);
    undo.push(() => rmdirSync(made));
  }
  return path;
}

/**
 * Moves files to another folder of the same file system. What an attempt that was killed has done already is left out.
 *
 * @param names `moved`: files, folders and links to move; `kept`: files that also stay where they are
 */
export function moveFiles(
  from: string,
  to: string,
  { moved, kept }: { readonly moved: readonly string[]; readonly kept: readonly string[] },
  undo: Undo,
): void {
  const present = new Set(readdirSync(from));
  for (const name of kept) if (present.has(name)) keep(join(from, name), join(to, name), undo);
  for (const name of moved) if (present.has(name)) move(join(from, name), join(to, name), undo);
}

/** Moves a file, a folder or a symbolic link; the link leads to the same target afterwards. */
function move(from: string, to: string, undo: Undo): void {
  const link = targetOf(from);
  if (link === undefined) {
    renameSync(from, to);
    undo.push(() => renameSync(to, from));
  } else {
    const text = readlinkSync(from);
    symlinkSync(link, to);
    unlinkSync(from);
    undo.push(() => {
      symlinkSync(text, from);
      unlinkSync(to);
    });
  }
}

/**
 * Gives a file a second name, unless that is taken. The file stays under it when another file replaces the first name.
 * A file system without hard links gets a copy.
 */
export function keep(from: string, to: string, undo: Undo = []): void {
  if (lstatSync(to, { throwIfNoEntry: false })) return;
  const link = targetOf(from);
  if (link !== undefined) symlinkSync(link, to);
  else {
    try {
      linkSync(from, to);
    } catch (error) {
      if (!cannotLink(error)) throw error;
      copy(from, to);
    }
  }
  undo.push(() => (existsSync(from) ? unlinkSync(to) : renameSync(to, from)));
}

function copy(from: string, to: string): void {
  const temporary = temporaryPath(to);
  try {
    copyFileSync(from, temporary);
    renameSync(temporary, to);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** The absolute path that a symbolic link leads to; undefined for anything else. */
function targetOf(path: string): string | undefined {
  return lstatSync(path).isSymbolicLink() ? resolve(dirname(path), readlinkSync(path)) : undefined;
}
