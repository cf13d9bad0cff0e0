/** Finds out what the columns of a CSV file hold, by their names. */
import { dataFault } from '../files.ts';
import type { ReadOptions } from '../found.ts';
import { LABEL_COLUMNS, shown, unknownColumn } from '../names.ts';

/** Usual names of columns, the most usual first. Those of labels are in `names.ts`. */
const FILE_COLUMNS = ['file', 'filename', 'file_name', 'path', 'filepath', 'file_path', 'image', 'image_path', 'img'];
const SPLIT_COLUMNS = ['split', 'part', 'subset', 'partition'];

/** Names of columns of pixels: `pixel0`, `px_7`, `1x28`, `784`. */
const PIXEL_COLUMN = /^[a-z_ ]*\d+(x\d+)?$/i;

const CELL_OF_DIGITS = /^\d+$/;

/** Where things stand in each row. */
export type CsvColumns =
  | {
      readonly kind: 'files';
      readonly file: number;
      readonly label: number;
      readonly split: number | undefined;
    }
  | {
      readonly kind: 'pixels';
      readonly label: number;
      /** Places of the pixels, row by row; of a coloured image three after each other. */
      readonly pixels: readonly number[];
      readonly height: number;
      readonly width: number;
      readonly channels: 1 | 3;
      /** Whether the first row is a header, and no image. */
      readonly header: boolean;
    }
  /** There is no column of labels, as in the test file of a Kaggle competition. */
  | { readonly kind: 'unlabelled' };

/**
 * Finds the columns of a CSV file.
 *
 * @param first cells of the first row
 * @param chosen names of columns that the user gave
 * @param path the file, for messages
 * @throws UserError (data) if a chosen column is missing, or the columns are neither files with labels nor pixels
 */
export function csvColumns(first: readonly string[], chosen: ReadOptions['columns'], path: string): CsvColumns {
  const names = first.map((name) => name.toLowerCase());
  /** Place of the column that the user gave, or else of the first usual one. */
  const find = (given: string | undefined, usual: readonly string[]): number | undefined => {
    if (given === undefined) return usual.map((name) => names.indexOf(name)).find((place) => place >= 0);
    const place = first.includes(given) ? first.indexOf(given) : names.indexOf(given.toLowerCase());
    if (place < 0) throw unknownColumn(path, given, first);
    return place;
  };
  const [file, label, split] = [
    find(chosen?.file, FILE_COLUMNS),
    find(chosen?.label, LABEL_COLUMNS),
    find(chosen?.split, SPLIT_COLUMNS),
  ];
  if (file !== undefined) return label === undefined ? { kind: 'unlabelled' } : { kind: 'files', file, label, split };
  if (label === undefined && first.length > 1 && first.every((cell) => CELL_OF_DIGITS.test(cell))) {
    return { kind: 'pixels', label: 0, ...pixelColumns(first, 0, path), header: false };
  }
  const isPixels = first.every((name, place) => place === label || PIXEL_COLUMN.test(name));
  if (!isPixels || first.length < 2) {
    const advice = 'name them with --file-column and --label-column';
    throw dataFault(path, `has the columns ${shown(first)}; expected file and label, or label and pixels: ${advice}`);
  }
  if (label === undefined) return { kind: 'unlabelled' };
  return { kind: 'pixels', label, ...pixelColumns(first, label, path), header: true };
}

/** The columns of pixels: all but the label. They are n² of a square grey image, or 3·n² of a coloured one. */
function pixelColumns(first: readonly string[], label: number, path: string) {
  const pixels = [...first.keys()].filter((place) => place !== label);
  for (const channels of [1, 3] as const) {
    const side = Math.sqrt(pixels.length / channels);
    if (Number.isInteger(side) && side > 0) return { pixels, height: side, width: side, channels };
  }
  const expected = 'n² of a square grey image, or 3·n² of a coloured one';
  throw dataFault(path, `has ${pixels.length} columns of pixels, expected ${expected}; store square images`);
}
