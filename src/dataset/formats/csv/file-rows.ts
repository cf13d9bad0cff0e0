/** Reads CSV files whose rows name picture files and their labels. */
import { dirname, resolve } from 'node:path';
import { compareCodePoints } from '../code-points.ts';
import { dataFault, fileBytes, readBytes } from '../files.ts';
import type { FoundData, FoundPart, Labels, PartName, ReadOptions } from '../found.ts';
import { bareLabels, nameClasses, sortedNotice, toLabels } from '../labels.ts';
import type { Limits } from '../limits.ts';
import { partOf } from '../names.ts';
import type { CsvColumns } from './columns.ts';
import { csvRows } from './rows.ts';

/** A CSV file of a data set, and the part to which rows belong that don't say theirs. */
export interface CsvFile {
  readonly path: string;
  readonly part: PartName;
  readonly columns: Extract<CsvColumns, { kind: 'files' }>;
}

/** A picture that a row names. */
interface NamedPicture {
  /** As the row has it: from the folder of the CSV file, or absolute. */
  readonly file: string;
  readonly label: string;
  readonly csv: string;
  readonly line: number;
}

/** Numbers as labels, also those below 0, which are refused; 007 is a name. */
const BARE_NUMBER = /^-?(0|[1-9]\d*)(\.0*)?$/;

/**
 * Reads CSV files of picture files. The pictures themselves are read one by one later.
 *
 * @throws UserError (data) naming the line at fault
 */
export async function readFileRows(
  source: string,
  files: readonly CsvFile[],
  options: ReadOptions,
  limits: Limits,
): Promise<FoundData> {
  const rows: Record<PartName, NamedPicture[]> = { train: [], val: [], test: [] };
  for (const file of files) await addRows(file, rows, limits);
  if (rows.train.length === 0) throw dataFault(source, 'names no pictures to train on; give rows of the part train');
  const isBare = Object.values(rows).every((part) => part.every(({ label }) => BARE_NUMBER.test(label)));
  const found = isBare ? undefined : [...new Set(rows.train.map(({ label }) => label))].sort(compareCodePoints);
  const named = found && nameClasses(found, options, source);
  const open = (pictures: readonly NamedPicture[]): (() => Promise<FoundPart>) => {
    const labels = named ? namesToLabels(pictures, named.labelOf) : numbersToLabels(pictures, options);
    return async () => partOfPictures(pictures, labels, limits);
  };
  return {
    format: 'csv',
    source,
    classNames: named?.classNames ?? options.classNames,
    parts: {
      train: open(rows.train),
      ...(rows.val.length > 0 && { val: open(rows.val) }),
      ...(rows.test.length > 0 && { test: open(rows.test) }),
    },
    notices: named && options.classNames === undefined ? [sortedNotice(named.classNames)] : [],
    leftOut: [],
  };
}

/** Adds the rows of a file to their parts. */
async function addRows(
  { path, part, columns }: CsvFile,
  rows: Record<PartName, NamedPicture[]>,
  limits: Limits,
): Promise<void> {
  let header = true;
  let count = 0;
  for await (const { cells, line } of csvRows(path, limits)) {
    if (header) {
      header = false;
      continue;
    }
    const title = `${path}: line ${line}`;
    if (++count > limits.rows) throw dataFault(title, `more than ${limits.rows} rows; give a smaller file`);
    const [file, label] = [cells[columns.file]!, cells[columns.label]!];
    if (file === '') throw dataFault(title, 'names no file; correct it, or remove the line');
    if (label === '') throw dataFault(title, `${file} has no label; give it one, or remove the line`);
    const word = columns.split === undefined ? undefined : cells[columns.split]!;
    const own = word === undefined ? part : partOf(word);
    if (own === undefined) throw dataFault(title, `belongs to "${word}", expected train, val or test; correct it`);
    rows[own].push({ file, label, csv: path, line });
  }
}

function numbersToLabels(pictures: readonly NamedPicture[], options: ReadOptions): Labels {
  const values = pictures.map(({ label }) => Number(label));
  return bareLabels(values, options, (index) => titleOf(pictures[index]!));
}

function namesToLabels(pictures: readonly NamedPicture[], labelOf: ReadonlyMap<string, number>): Labels {
  const values = pictures.map((picture) => {
    const label = labelOf.get(picture.label);
    if (label !== undefined) return label;
    const advice = 'add some, or remove the line';
    throw dataFault(titleOf(picture), `the class "${picture.label}" has no pictures to train on; ${advice}`);
  });
  return toLabels(values, labelOf.size);
}

function titleOf({ csv, line }: NamedPicture): string {
  return `${csv}: line ${line}`;
}

function partOfPictures(pictures: readonly NamedPicture[], labels: Labels, limits: Limits): FoundPart {
  const read = async (index: number) => {
    const picture = pictures[index]!;
    const path = resolve(dirname(picture.csv), picture.file);
    try {
      const bytes = await fileBytes(path);
      return await readBytes(path, limits.pictureBytes, { start: 0, length: bytes });
    } catch (error) {
      throw dataFault(titleOf(picture), (error as Error).message, error);
    }
  };
  return { labels, images: { kind: 'pictures', read }, nameOf: (index) => pictures[index]!.file };
}
