/** Reads data sets of CSV files: rows that name picture files, or rows of pixels. */
import { basename, join } from 'node:path';
import { type CsvColumns, csvColumns } from './csv/columns.ts';
import { type CsvFile, readFileRows } from './csv/file-rows.ts';
import { readPixelRows } from './csv/pixel-rows.ts';
import { csvRows } from './csv/rows.ts';
import { dataFault, namesIn } from './files.ts';
import type { FoundData, OpenPart, PartName, ReadOptions } from './found.ts';
import { LIMITS, type Limits } from './limits.ts';
import { partOf, shown } from './names.ts';

const CSV_FILE = /\.[ct]sv$/i;

/** The last word of a name before its ending: `train.csv`, `mnist_test.csv`. */
const PART_FILE = /(?:^|[-_. ])([a-z]+)\.[ct]sv$/i;

/** The CSV files of a folder by their parts, as the last words of their names say. */
async function partFiles(folder: string): Promise<Map<PartName, string[]>> {
  const files = new Map<PartName, string[]>();
  for (const name of await namesIn(folder, 'files')) {
    const part = partOf(PART_FILE.exec(name)?.[1] ?? '');
    if (part !== undefined) files.set(part, [...(files.get(part) ?? []), join(folder, name)]);
  }
  return files;
}

/** Whether a path's name is that of a CSV file, or it is a folder that holds a `train.csv`. */
export async function looksLikeCsv(path: string): Promise<boolean> {
  return CSV_FILE.test(path) || (await partFiles(path)).has('train');
}

/** The only CSV file of a folder, whatever its name, if at most one folder is beside it; undefined if there is none. */
export async function loneCsv(folder: string): Promise<string | undefined> {
  const [first, ...others] = (await namesIn(folder, 'files')).filter((name) => CSV_FILE.test(name));
  if (first === undefined || others.length > 0 || (await namesIn(folder, 'folders')).length > 1) return undefined;
  return join(folder, first);
}

/**
 * Reads a CSV file, a folder with one of any name, or a folder of `train.csv` with `val.csv` and `test.csv`. The columns are `file,label[,split]`, with
 * paths from the folder of the CSV file, or a label and the pixels of a square image. Rows of pixels are read when their
 * part is opened; rows of files are read at once, for the names of the classes are in them.
 *
 * @param path the file or folder
 * @param options `columns` names the columns; `classNames` orders the classes, or names the numbers
 * @throws UserError (data) naming the file, and the line at fault
 */
export async function readCsv(path: string, options: ReadOptions = {}, limits: Limits = LIMITS): Promise<FoundData> {
  const notices: string[] = [];
  const found: { path: string; part: PartName; columns: CsvColumns }[] = [];
  for (const file of await filesOf(path)) {
    const first = await firstRow(file.path, limits);
    const columns = csvColumns(first, options.columns, file.path);
    if (columns.kind !== 'unlabelled') found.push({ ...file, columns });
    else if (file.part === 'train') {
      const advice = 'name it with --label-column';
      throw dataFault(file.path, `has no column of labels, only ${shown(first)}; ${advice}`);
    } else notices.push(`${basename(file.path)} has no column of labels: it is not used`);
  }
  const ofFiles = found.filter((file): file is CsvFile => file.columns.kind === 'files');
  if (ofFiles.length === 0) return pixelData(path, found, notices, options, limits);
  if (ofFiles.length < found.length) {
    throw dataFault(path, 'holds files of pixels beside files that name pictures; give a folder of one kind');
  }
  const data = await readFileRows(path, ofFiles, options, limits);
  return { ...data, notices: [...notices, ...data.notices] };
}

/** The CSV files of a data set, the one to train on first. */
async function filesOf(path: string): Promise<{ path: string; part: PartName }[]> {
  if (CSV_FILE.test(path)) return [{ path, part: 'train' }];
  const files = await partFiles(path);
  const twice = [...files.values()].find((names) => names.length > 1);
  if (twice !== undefined) throw dataFault(path, `both ${twice.join(' and ')} are of one part; remove or rename one`);
  const lone = files.has('train') ? undefined : await loneCsv(path);
  if (lone !== undefined) return [{ path: lone, part: 'train' }];
  const [train] = files.get('train') ?? [];
  if (train === undefined) throw dataFault(path, 'holds no train.csv; give a CSV file, or a folder with train.csv');
  const others = [...files].filter(([part]) => part !== 'train');
  return [{ path: train, part: 'train' }, ...others.map(([part, [file]]) => ({ path: file!, part }))];
}

/** The first row of a file. */
async function firstRow(path: string, limits: Limits): Promise<readonly string[]> {
  for await (const { cells } of csvRows(path, limits)) return cells;
  throw dataFault(path, 'holds no rows; give a file with a line of names of columns, and rows');
}

/** A data set of files of pixels. */
function pixelData(
  source: string,
  files: readonly { path: string; part: PartName; columns: CsvColumns }[],
  notices: readonly string[],
  options: ReadOptions,
  limits: Limits,
): FoundData {
  const openers: Partial<Record<PartName, OpenPart>> = {};
  const headless: string[] = [];
  for (const { path, part, columns } of files) {
    if (columns.kind !== 'pixels') continue;
    openers[part] = () => readPixelRows(path, columns, options, limits);
    if (!columns.header) headless.push(`${basename(path)} has no names of columns: the first column is the label`);
  }
  const { train, val, test } = openers;
  return {
    format: 'csv',
    source,
    classNames: options.classNames,
    parts: { train: train!, ...(val && { val }), ...(test && { test }) },
    notices: [...notices, ...headless],
    leftOut: [],
  };
}
