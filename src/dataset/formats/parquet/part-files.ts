/** Finds the Parquet files of each part of a data set, as they lie on the Hugging Face Hub. */
import { basename, join } from 'node:path';
import { dataFault, namesIn } from '../files.ts';
import type { PartName } from '../found.ts';
import { partOf } from '../names.ts';

const ENDING = '.parquet';

/** `train-00000-of-00002.parquet`, `test.parquet`. */
const PART_FILE = /^([a-z]+)(?:[-_.].*)?\.parquet$/i;

/** The number of files of a part, as their names have it. */
const SHARDS = /-of-(\d+)\.parquet$/i;

/** Files of each part; those of other names. */
export interface PartFiles {
  readonly parts: Partial<Record<PartName, readonly string[]>>;
  readonly others: number;
}

/**
 * Whether a path is a Parquet file by its name, or a folder in which such files lie. A folder may have the name of a file:
 * Spark makes such ones.
 */
export async function findPartFiles(path: string): Promise<PartFiles | undefined> {
  for (const folder of [path, join(path, 'data')]) {
    const files = (await namesIn(folder, 'files')).filter((name) => name.toLowerCase().endsWith(ENDING));
    if (files.length > 0) return byParts(folder, files);
    const folders = await partFolders(folder);
    if (folders !== undefined) return folders;
  }
  return path.toLowerCase().endsWith(ENDING) ? { parts: { train: [path] }, others: 0 } : undefined;
}

/** Files of a folder by the first words of their names; all are of the part to train on if none has a word. */
function byParts(folder: string, names: readonly string[]): PartFiles {
  const parts: Partial<Record<PartName, string[]>> = {};
  const others: string[] = [];
  for (const name of names) {
    const part = partOf(PART_FILE.exec(name)?.[1] ?? '');
    if (part === undefined) others.push(join(folder, name));
    else parts[part] = [...(parts[part] ?? []), join(folder, name)];
  }
  return Object.keys(parts).length === 0 ? { parts: { train: others }, others: 0 } : { parts, others: others.length };
}

/** Folders named by parts, in which Parquet files of any name lie, as the Hub's conversions have them. */
async function partFolders(folder: string): Promise<PartFiles | undefined> {
  const parts: Partial<Record<PartName, string[]>> = {};
  for (const name of await namesIn(folder, 'folders')) {
    const part = partOf(name);
    const files = part === undefined ? [] : await namesIn(join(folder, name), 'files');
    const found = files.filter((file) => file.toLowerCase().endsWith(ENDING));
    if (part !== undefined && found.length > 0) parts[part] = found.map((file) => join(folder, name, file));
  }
  return Object.keys(parts).length === 0 ? undefined : { parts, others: 0 };
}

/** What is said of parts of which files are missing. */
export function missingNotices({ parts }: PartFiles): string[] {
  return Object.entries(parts).flatMap(([part, files]) => {
    const count = Number(SHARDS.exec(files[0] ?? '')?.[1] ?? files.length);
    return count > files.length
      ? [`${part}: ${files.length} of ${count} files are there, as ${basename(files[0]!)} says`]
      : [];
  });
}

/**
 * The files to train on.
 *
 * @throws UserError (data) if there are none
 */
export function trainFiles(path: string, found: PartFiles | undefined): readonly string[] {
  if (found?.parts.train !== undefined) return found.parts.train;
  throw dataFault(path, 'holds no Parquet files to train on; expected train-00000-of-00001.parquet or the like');
}
