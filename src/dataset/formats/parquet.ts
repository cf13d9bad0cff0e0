/** Reads data sets of Parquet files with pictures in them, as the Hugging Face Hub, Polars and pandas write them. */

import { dataFault } from './files.ts';
import type { FoundData, FoundPart, LeftOut, OpenPart, ReadOptions } from './found.ts';
import { sortedNotice } from './labels.ts';
import { LIMITS, type Limits } from './limits.ts';
import { classesOf, type LabelledFile, labelsOf, placeOf, readLabels, rowName } from './parquet/labels.ts';
import { findPartFiles, missingNotices, trainFiles } from './parquet/part-files.ts';
import { checkPictures, pictureReader } from './parquet/pictures.ts';

/** Whether a path's name is that of a Parquet file, or it is a folder of them, or holds one called `data`. */
export async function looksLikeParquet(path: string): Promise<boolean> {
  return (await findPartFiles(path)) !== undefined;
}

/**
 * Reads Parquet files: a column of pictures (bytes of picture files, or a struct with a field `bytes`) and a column of
 * labels (integers, whose names the file may note, or texts). Labels are read at once, pictures one by one later. Rows
 * whose label is null or −1 are left out and counted.
 *
 * @param path a file, or a folder of `train-…`, `validation-…` and `test-….parquet`, which may be in its folder `data`
 * @param options `columns` names the columns; `classNames` orders the classes, or names the numbers
 * @throws UserError (data) naming the file, and the row at fault
 */
export async function readParquet(
  path: string,
  options: ReadOptions = {},
  limits: Limits = LIMITS,
): Promise<FoundData> {
  const found = await findPartFiles(path);
  const train = await readAll(trainFiles(path, found), options, limits);
  const [val, test] = [
    await readAll(found?.parts.val ?? [], options, limits),
    await readAll(found?.parts.test ?? [], options, limits),
  ];
  if (countOf(train) === 0) throw dataFault(path, 'holds no picture with a label to train on; label some');
  await checkPictures(train[0]!, limits);
  const classes = classesOf(train, options, path);
  const opener =
    (files: readonly LabelledFile[]): OpenPart =>
    () =>
      openPart(files, classes?.named, options, limits);
  const unlabelled = [val, test].filter((files) => files.length > 0 && countOf(files) === 0);
  return {
    format: 'parquet',
    source: path,
    classNames: classes?.named.classNames ?? options.classNames,
    parts: {
      train: opener(train),
      ...(countOf(val) > 0 && { val: opener(val) }),
      ...(countOf(test) > 0 && { test: opener(test) }),
    },
    notices: [
      ...(found ? missingNotices(found) : []),
      ...guessedNotice(train[0]!),
      ...(classes?.sorted ? [sortedNotice(classes.named.classNames)] : []),
      ...unlabelled.map(([first]) => `${first?.file.path} has no picture with a label: its part is not used`),
    ],
    leftOut: leftOutOf([...train, ...val, ...test], found?.others ?? 0),
  };
}

/** Says which column is taken for labels where its name does not. */
function guessedNotice({ file, columns: { guessedLabel } }: LabelledFile): string[] {
  const advice = '--label-column names another';
  return guessedLabel === undefined
    ? []
    : [`${file.path}: the column "${guessedLabel}" is taken for the labels; ${advice}`];
}

async function readAll(paths: readonly string[], options: ReadOptions, limits: Limits): Promise<LabelledFile[]> {
  const files: LabelledFile[] = [];
  for (const path of paths) files.push(await readLabels(path, options, limits));
  return files;
}

/** Number of images that have a label. */
function countOf(files: readonly LabelledFile[]): number {
  return files.reduce((sum, { rows }) => sum + rows.length, 0);
}

function leftOutOf(files: readonly LabelledFile[], others: number): LeftOut[] {
  const unlabelled = files.reduce((sum, { file, rows }) => sum + file.rows - rows.length, 0);
  return [
    { what: 'images without a label', count: unlabelled },
    { what: 'Parquet files of other names', count: others },
  ].filter(({ count }) => count > 0);
}

async function openPart(
  files: readonly LabelledFile[],
  named: Parameters<typeof labelsOf>[1],
  options: ReadOptions,
  limits: Limits,
): Promise<FoundPart> {
  const nameOf = (index: number) => {
    const { file, row } = placeOf(files, index);
    return rowName(file, row);
  };
  const labels = labelsOf(files, named, options);
  return { labels, images: { kind: 'pictures', read: await pictureReader(files, limits) }, nameOf };
}
