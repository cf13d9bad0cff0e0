/** The names of IDX files, and which of them belong together. */
import { readdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ExitCode, UserError } from '../../../errors.ts';
import { compareCodePoints } from '../code-points.ts';

/**
 * `PREFIX-train-images-idx3-ubyte.gz`: the prefix and the `.gz` may be missing, as in MNIST's own names; `t10k` may be
 * `test` (EMNIST, QMNIST), and a dot may stand before `idx`.
 */
const IDX_NAME = /^(?:(.+)-)?(train|test|t10k)-(images|labels)([-.])idx([1-4])-(?:ubyte|int)(\.gz)?$/;

/** What the name of an IDX file says. */
export interface IdxName {
  readonly name: string;
  /** Empty for MNIST's own names. */
  readonly prefix: string;
  readonly part: 'train' | 'test';
  readonly holds: 'images' | 'labels';
  /** Of several files for the same thing, the one with the lowest rank is taken. */
  readonly rank: number;
}

/** The IDX files of one data set, among those of a folder. */
export interface IdxChoice {
  readonly folder: string;
  /** Empty for MNIST's own names. */
  readonly prefix: string;
  readonly files: readonly IdxName[];
  /** The prefixes of other data sets in the folder. */
  readonly others: readonly string[];
}

/** What a name says; undefined if it is not that of an IDX file. */
export function idxNameOf(name: string): IdxName | undefined {
  const match = IDX_NAME.exec(name);
  if (match === null) return undefined;
  const [, prefix = '', part, holds, mark, digit, zipped] = match;
  // MNIST's own names come first, as they always have.
  const rank = (part === 'test' ? 100 : 0) + (zipped ? 20 : 0) + (mark === '.' ? 10 : 0) + Number(digit);
  return { name, prefix, part: part === 'train' ? 'train' : 'test', holds: holds as IdxName['holds'], rank };
}

/** The IDX files of a folder; none if it cannot be read. */
function idxNamesIn(folder: string): IdxName[] {
  try {
    return readdirSync(folder)
      .map(idxNameOf)
      .filter((name) => name !== undefined);
  } catch {
    return [];
  }
}

/** What is at a path; undefined if there is nothing, or it cannot be looked at. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/**
 * Whether a path leads to IDX files by their names: a folder with some, one of them, or `FOLDER/PREFIX`.
 */
export async function looksLikeIdx(path: string): Promise<boolean> {
  const stats = statsOf(path);
  if (stats?.isDirectory()) return idxNamesIn(path).length > 0;
  if (stats !== undefined) return idxNameOf(basename(path)) !== undefined;
  return idxNamesIn(dirname(path)).some(({ prefix }) => prefix === basename(path));
}

/**
 * Chooses the files of one data set.
 *
 * @param path a folder, one of the files, or `FOLDER/PREFIX`. Of a folder, the files with MNIST's own names are taken if
 *   there are any, as they always were.
 * @throws UserError (data) if the path leads to no IDX file, or to those of several data sets
 */
export function chooseIdx(path: string): IdxChoice {
  const stats = statsOf(path);
  if (stats?.isDirectory()) return chooseIn(path);
  const prefix = stats === undefined ? basename(path) : idxNameOf(basename(path))?.prefix;
  const choice = prefix === undefined ? undefined : filesOf(dirname(path), prefix);
  if (choice !== undefined && choice.files.length > 0) return choice;
  const advice = 'give the folder of IDX files, FOLDER/PREFIX, or one of them, such as train-images-idx3-ubyte';
  const problem = stats === undefined ? 'no such file or folder' : 'has not the name of an IDX file';
  throw new UserError(`${path}: ${problem}; ${advice}`, ExitCode.data);
}

function chooseIn(folder: string): IdxChoice {
  const prefixes = prefixesOf(idxNamesIn(folder));
  if (prefixes.length > 1 && !prefixes.includes('')) {
    const [first] = prefixes;
    const advice = `give one of them, such as ${join(folder, first!)}`;
    throw new UserError(`${folder}: holds the data sets ${prefixes.join(', ')}; ${advice}`, ExitCode.data);
  }
  return filesOf(folder, prefixes[0] ?? '');
}

function filesOf(folder: string, prefix: string): IdxChoice {
  const names = idxNamesIn(folder);
  const others = prefixesOf(names).filter((each) => each !== prefix);
  return { folder, prefix, others, files: names.filter((each) => each.prefix === prefix) };
}

function prefixesOf(names: readonly IdxName[]): string[] {
  return [...new Set(names.map(({ prefix }) => prefix))].toSorted(compareCodePoints);
}

/**
 * The path of one of the files.
 *
 * @throws UserError (data) if there is none
 */
export function idxFileOf(
  { folder, prefix, files }: IdxChoice,
  part: IdxName['part'],
  holds: IdxName['holds'],
): string {
  const fitting = files.filter((each) => each.part === part && each.holds === holds);
  const [found] = fitting.toSorted((a, b) => a.rank - b.rank);
  if (found !== undefined) return join(folder, found.name);
  // A test part that was begun with one word is named with that word.
  const word =
    part === 'train'
      ? 'train'
      : (files.find((each) => each.part === part)?.name.match(/(test|t10k)-(?:images|labels)/)?.[1] ?? 't10k');
  const name = `${prefix === '' ? '' : `${prefix}-`}${word}-${holds}-idx${holds === 'images' ? 3 : 1}-ubyte`;
  const expected = 'the four IDX files of MNIST or a similar data set, plain or .gz, in this folder';
  throw new UserError(`${join(folder, name)}: no such file; expected ${expected}`, ExitCode.data);
}
