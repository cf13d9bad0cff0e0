/** Reads the labels of Parquet files. Rows whose label is null or −1 have none. */
import { basename } from 'node:path';
import { compareCodePoints } from '../code-points.ts';
import { dataFault } from '../files.ts';
import type { Labels, ReadOptions } from '../found.ts';
import { bareLabels, type NamedClasses, nameClasses, toLabels } from '../labels.ts';
import type { Limits } from '../limits.ts';
import { shown } from '../names.ts';
import { type ParquetColumns, parquetColumns } from './columns.ts';
import { guarded, openParquet, type ParquetFile } from './file.ts';
import { ColumnReader } from './pages.ts';

/** A file of a part, with the labels of the rows that have one. */
export interface LabelledFile {
  readonly file: ParquetFile;
  readonly columns: ParquetColumns;
  /** Rows that have a label, ascending. */
  readonly rows: Uint32Array;
  /** A label for each of these: a number, or the name of a class. */
  readonly values: readonly (number | string)[];
}

/** Labels of unlabelled pictures in the test sets of the Hub. */
const NO_LABEL = -1;

/**
 * Opens a file and reads its labels.
 *
 * @throws UserError (data) naming the file, and the row at fault
 */
export async function readLabels(path: string, options: ReadOptions, limits: Limits): Promise<LabelledFile> {
  const file = await openParquet(path, limits);
  const columns = await guarded(path, async () => parquetColumns(file, options.columns));
  const rows: number[] = [];
  const values: (number | string)[] = [];
  const reader = new ColumnReader(file, columns.label, limits);
  for (const page of await reader.pages()) {
    for (const [i, stored] of (await reader.values(page)).entries()) {
      if (stored === null || stored === undefined) continue;
      const value = columns.labelKind === 'texts' ? textOf(stored) : Number(stored);
      if (value === NO_LABEL || Number.isNaN(value)) continue;
      const row = page.firstRow + i;
      const title = rowTitle(path, row);
      if (value === '') throw dataFault(title, 'has an empty text as its label; name its class, or write null');
      rows.push(row);
      values.push(columns.classNames === undefined ? value : nameOf(value, columns.classNames, title));
    }
  }
  return { file, columns, rows: Uint32Array.from(rows), values };
}

function textOf(stored: unknown): string {
  return new TextDecoder().decode(stored instanceof Uint8Array ? stored : undefined);
}

/** Name of a class; a number beyond the names is a fault, and so is a negative one. */
function nameOf(value: number | string, names: readonly string[], title: string): string {
  const name = typeof value === 'string' ? value : names[value];
  if (name !== undefined) return name;
  throw dataFault(title, `label ${value}, but the file names ${names.length} classes; write it again`);
}

/** A row in messages. */
export function rowTitle(path: string, row: number): string {
  return `${path}: row ${row}`;
}

/** A row as the name of an image. */
export function rowName({ file }: LabelledFile, row: number): string {
  return `${basename(file.path)} row ${row}`;
}

/**
 * The classes of a data set.
 *
 * @param train files of the part to train on; the first one's names of classes count
 * @param source the data, for messages
 * @returns undefined if the labels are bare numbers; `sorted` is whether their order is that of their names
 * @throws UserError (data) see `nameClasses`
 */
export function classesOf(
  train: readonly LabelledFile[],
  options: ReadOptions,
  source: string,
): { named: NamedClasses; sorted: boolean } | undefined {
  const noted = train[0]?.columns.classNames;
  if (noted !== undefined) return { named: nameClasses(noted, options, source), sorted: false };
  if (train[0]?.columns.labelKind !== 'texts') return undefined;
  const found = [...new Set(train.flatMap(({ values }) => values.map(String)))].sort(compareCodePoints);
  return { named: nameClasses(found, options, source), sorted: options.classNames === undefined };
}

/**
 * The labels of a part.
 *
 * @param named classes by name; undefined if labels are bare numbers
 * @throws UserError (data) naming the row whose label has no class
 */
export function labelsOf(
  files: readonly LabelledFile[],
  named: NamedClasses | undefined,
  options: ReadOptions,
): Labels {
  if (named === undefined) {
    const numbers = files.flatMap(({ values }) => values.map(Number));
    const titles = (index: number) => titleAt(files, index);
    return bareLabels(numbers, options, titles);
  }
  const numbers = files.flatMap(({ file, rows, values }) =>
    values.map((value, i) => {
      const label = named.labelOf.get(String(value));
      if (label !== undefined) return label;
      const problem = `the class "${value}" is not among those to train on (${shown(named.classNames)})`;
      throw dataFault(rowTitle(file.path, rows[i]!), `${problem}; correct it, or remove the row`);
    }),
  );
  return toLabels(numbers, named.labelOf.size);
}

/** Title of an image of a part. */
function titleAt(files: readonly LabelledFile[], index: number): string {
  const { file, row } = placeOf(files, index);
  return rowTitle(file.file.path, row);
}

/** The file and row of an image of a part. */
export function placeOf(files: readonly LabelledFile[], index: number): { file: LabelledFile; row: number } {
  let left = index;
  for (const file of files) {
    if (left < file.rows.length) return { file, row: file.rows[left]! };
    left -= file.rows.length;
  }
  throw new RangeError(`there is no image ${index}`);
}
