/** Lists a folder, and finds the pictures in it and below. Links are followed. */
import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { dataFault } from '../files.ts';
import { ignoredKind, isIgnored, isPicture, otherKind } from './file-kinds.ts';
import type { LeftOutCounts } from './left-out.ts';
import { pathFault } from './path-fault.ts';

/** A folder on the way down from the top. */
export interface Folder {
  /** The path by which it was reached. */
  readonly path: string;
  /** The real path, free of links. */
  readonly real: string;
  /** Real paths of the folders in which links were followed on the way here, and of this one. */
  readonly road: readonly string[];
}

/** What a folder holds, without what is below its folders. */
export interface Listing {
  /** Names of the pictures, in no order. */
  readonly pictures: readonly string[];
  /** Names of the folders and the folders, in no order. */
  readonly folders: readonly (readonly [name: string, folder: Folder])[];
}

/** What is common to a walk. */
export interface Walk {
  readonly counts: LeftOutCounts;
  /** Folders that may still be looked at: links between folders could make endlessly many ways of a few. */
  foldersLeft: number;
  /** Ends the walk before its next folder. */
  readonly signal?: AbortSignal | undefined;
}

/** Most folders that a walk looks at: ten times those of the largest collections. */
export const MOST_FOLDERS = 1_000_000;

/** @throws UserError (data) if there is no such folder */
export async function openFolder(path: string): Promise<Folder> {
  const real = await orFault(path, realpath(path));
  return { path, real, road: [real] };
}

/**
 * Lists a folder, and counts what is left out of it.
 *
 * @throws UserError (data) naming a folder or link that cannot be read; the signal's reason
 */
export async function listFolder(folder: Folder, walk: Walk): Promise<Listing> {
  walk.signal?.throwIfAborted();
  if (walk.foldersLeft-- <= 0) {
    const problem = 'too many folders, each counted as often as links lead to it; remove links between folders';
    throw dataFault(folder.path, problem);
  }
  const pictures: string[] = [];
  const folders: (readonly [string, Folder])[] = [];
  const entries = await orFault(folder.path, readdir(folder.path, { withFileTypes: true }));
  walk.signal?.throwIfAborted(); // of a wide tree many folders are asked for before the first is there
  for (const entry of entries) {
    const { name } = entry;
    if (isIgnored(name)) {
      walk.counts.add(ignoredKind(name, entry.isDirectory()));
      continue;
    }
    await expectReadableName(folder, name);
    const kind = await kindOf(folder, entry);
    if (kind === 'folder') {
      const below = await folderBelow(folder, entry);
      if (below === undefined) walk.counts.add('links that lead back to a folder above');
      else folders.push([name, below]);
    } else if (kind === 'other') walk.counts.add('things that are neither files nor folders');
    else if (isPicture(name)) pictures.push(name);
    else walk.counts.add(otherKind(name));
  }
  return { pictures, folders };
}

/**
 * The pictures in a folder and below.
 *
 * @returns paths below the folder, with `/` between the names, in no order
 * @throws UserError (data) naming a folder or link that cannot be read; of several always the same one; the signal's
 *   reason
 */
export async function picturesIn(folder: Folder, walk: Walk): Promise<string[]> {
  const { pictures, folders } = await listFolder(folder, walk);
  const below = await allOf(
    folders.map(async ([name, each]) => (await picturesIn(each, walk)).map((path) => `${name}/${path}`)),
  );
  return [...pictures, ...below.flat()];
}

/** Waits for all promises, and throws the first error in their order: not the one that happened to be first in time. */
export async function allOf<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}

async function kindOf(folder: Folder, entry: Dirent): Promise<'file' | 'folder' | 'other'> {
  const path = join(folder.path, entry.name);
  if (!entry.isSymbolicLink()) return entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : 'other';
  try {
    const target = await stat(path);
    return target.isDirectory() ? 'folder' : target.isFile() ? 'file' : 'other';
  } catch (error) {
    // A picture behind a broken link is at fault when it is read, as other pictures that cannot be read.
    if (isPicture(entry.name)) return 'file';
    throw await pathFault(path, error);
  }
}

/** A folder in a folder; undefined if it is one through which the way led here, or one above those. */
async function folderBelow(folder: Folder, entry: Dirent): Promise<Folder | undefined> {
  const path = join(folder.path, entry.name);
  const isLink = entry.isSymbolicLink();
  const real = isLink ? await orFault(path, realpath(path)) : join(folder.real, entry.name);
  const inside = join(real, '/');
  if (folder.road.some((before) => join(before, '/').startsWith(inside))) return undefined;
  return { path, real, road: isLink ? [...folder.road, real] : [...folder.road.slice(0, -1), real] };
}

/** A name that is not UTF-8 reaches JavaScript with U+FFFD in place of its bytes, and no longer names the file. */
async function expectReadableName(folder: Folder, name: string): Promise<void> {
  if (!name.includes('\ufffd')) return;
  const path = join(folder.path, name);
  if (await lstat(path).then(Boolean, () => false)) return;
  throw dataFault(path, 'this name is not written in UTF-8; rename the file');
}

async function orFault<T>(path: string, promise: Promise<T>): Promise<T> {
  return promise.catch(async (error: unknown) => {
    throw await pathFault(path, error);
  });
}
