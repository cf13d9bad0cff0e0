/** Reads the labels of IDX files: bytes, or QMNIST's rows of eight numbers. */
import { type IdxKind, INT32, idxFault, parseIdx, UNSIGNED_BYTE } from '../../idx.ts';
import { type Labels, MOST_CLASSES } from '../found.ts';

/** What a file of labels may be like. */
export const LABELS_KIND: IdxKind = { ranks: [1, 2], types: [UNSIGNED_BYTE, INT32] };

/** Columns of QMNIST's labels, of which the first is the class; the others say who wrote the digit. */
const QMNIST_COLUMNS = 8;

/** How labels are taken. */
export interface LabelRule {
  readonly classes: number;
  /** The label of the first class: 0, or 1 if all are to be one less. */
  readonly first: 0 | 1;
}

/**
 * Parses a file of labels.
 *
 * @param bytes the whole file, decompressed
 * @param file the file's name, for messages
 * @returns [count], as the file has them; bytes are a view on `bytes`
 * @throws UserError (data) naming the field at fault
 */
export function parseRawLabels(bytes: Uint8Array, file: string): Labels {
  const { type, dimensions, values } = parseIdx(bytes, LABELS_KIND, file);
  const [count, columns = 1] = dimensions as [number, number?];
  if (columns !== 1 && !(type === INT32 && columns === QMNIST_COLUMNS)) {
    const expected = `1 label for each image, or QMNIST's ${QMNIST_COLUMNS} numbers (int)`;
    throw idxFault(file, 'dimension 1', columns, expected);
  }
  if (type === UNSIGNED_BYTE) return values;
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  return Uint16Array.from({ length: count }, (_, index) => {
    const label = view.getInt32(4 * index * columns);
    if (label >= 0 && label < MOST_CLASSES) return label;
    throw idxFault(file, `label ${index}`, label, `0 to ${MOST_CLASSES - 1}`);
  });
}

/**
 * The labels of classes from 0 on.
 *
 * @param labels [count], as the file has them
 * @returns [count], each below `classes`
 * @throws UserError (data) naming the first label that is out of range, and the number of classes that would take all
 */
export function classLabels(labels: Labels, file: string, { classes, first }: LabelRule): Labels {
  const last = first + classes - 1;
  const index = labels.findIndex((label) => label < first || label > last);
  if (index >= 0) {
    const { least, most } = rangeOf(labels);
    const advice = most > last ? `: give --classes ${most - first + 1}` : '';
    const expected = `${first} to ${last}; the labels run from ${least} to ${most}${advice}`;
    throw idxFault(file, `label ${index}`, labels[index]!, expected);
  }
  const fromZero = first === 0 ? labels : labels.map((label) => label - first);
  return classes > 256 || fromZero instanceof Uint8Array ? fromZero : new Uint8Array(fromZero);
}

/** The smallest and the largest label. */
export function rangeOf(labels: Labels): { readonly least: number; readonly most: number } {
  let [least, most] = [labels[0]!, labels[0]!];
  for (const label of labels) {
    if (label < least) least = label;
    if (label > most) most = label;
  }
  return { least, most };
}
