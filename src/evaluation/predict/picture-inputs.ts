/** Finds the pictures that the words of a command line name: files, standard input, folders and patterns. */
import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compareCodePoints } from '../../dataset/formats/code-points.ts';
import { PICTURE_FORMATS } from '../../dataset/formats/folder/file-kinds.ts';
import { LeftOutCounts } from '../../dataset/formats/folder/left-out.ts';
import { MOST_FOLDERS, openFolder, picturesIn, type Walk } from '../../dataset/formats/folder/walk.ts';
import type { LeftOut } from '../../dataset/formats/found.ts';
import { ExitCode, UserError } from '../../errors.ts';
import type { PictureBytes } from '../../image/read-bytes.ts';
import { type FaultyPicture, faultyPicture, isFaultOfPicture } from './pictures.ts';
import type { PictureInput } from './read-pictures.ts';

/** The pictures that words name. */
export interface FoundPictures {
  /** In the order of the words; those of a folder or pattern by code points. */
  readonly inputs: readonly PictureInput[];
  /** What the folders hold that is no picture by its name. */
  readonly leftOut: readonly LeftOut[];
}

/** How pictures are looked for. */
interface PictureSearch {
  /** Most folders that are looked at below one word; default: a million. */
  readonly mostFolders?: number;
  /** Stops between two folders. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds the pictures that words name; those in memory stay at their places. A word is the path of a picture or of a folder, `-` for standard input, or a
 * pattern like `photos/*.jpg`. What exists under the very word is no pattern. A folder stands for all pictures in it and
 * below, by their extensions; names that begin with a dot are skipped, links are followed. Of a pattern all files count.
 * A word that names no picture becomes a fault at its place.
 *
 * @throws the signal's reason
 */
export async function findPictures(
  words: readonly (string | PictureBytes)[],
  { mostFolders = MOST_FOLDERS, signal }: PictureSearch = {},
): Promise<FoundPictures> {
  const counts = new LeftOutCounts();
  const inputs: PictureInput[] = [];
  for (const word of words) {
    for (const input of await picturesOf(word, { counts, foldersLeft: mostFolders, signal })) inputs.push(input);
    signal?.throwIfAborted();
  }
  return { inputs, leftOut: counts.list() };
}

async function picturesOf(word: string | PictureBytes, walk: Walk): Promise<readonly PictureInput[]> {
  if (typeof word !== 'string' || word === '-') return [word];
  const isThere = await lstat(word).then(Boolean, () => false);
  if (!isThere) return (await matches(word, walk.signal)) ?? [word];
  const isFolder = await stat(word).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) return [word];
  try {
    const found = await picturesIn(await openFolder(word), walk);
    if (found.length === 0) {
      return [fault(word, `is a folder without a picture; give one that holds ${PICTURE_FORMATS}`)];
    }
    return found.toSorted(compareCodePoints).map((below) => join(word, below));
  } catch (error) {
    walk.signal?.throwIfAborted();
    if (!isFaultOfPicture(error)) throw error;
    return [faultyPicture(word, error)];
  }
}

/** The files that match a pattern; undefined if the word is none. */
async function matches(word: string, signal?: AbortSignal): Promise<readonly (string | FaultyPicture)[] | undefined> {
  if (!/[*?[{(]/.test(word)) return undefined; // loading the package takes a few milliseconds of start-up
  const { glob, isDynamicPattern } = await import('tinyglobby');
  if (word.startsWith('!') || !isDynamicPattern(word)) return undefined;
  const found = await glob([word], { expandDirectories: false, ...(signal && { signal }) });
  if (found.length > 0) return found.toSorted(compareCodePoints);
  return [fault(word, 'no file matches this pattern; check it, or name the pictures')];
}

function fault(word: string, problem: string): FaultyPicture {
  return faultyPicture(word, new UserError(`${word}: ${problem}`, ExitCode.data));
}
