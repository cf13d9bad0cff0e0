/** Names that data sets use: words for parts, names of columns of labels; how names are shown. */
import type { UserError } from '../../errors.ts';
import { dataFault } from './files.ts';
import type { PartName } from './found.ts';

/** The words by which files, arrays and rows say which part they belong to. */
const PART_WORDS: Readonly<Record<string, PartName>> = {
  train: 'train',
  training: 'train',
  val: 'val',
  valid: 'val',
  validation: 'val',
  test: 'test',
  testing: 'test',
};

/** The part that a word stands for in any case: `Train`, `validation`; undefined if it stands for none. */
export function partOf(word: string): PartName | undefined {
  const lower = word.toLowerCase();
  return Object.hasOwn(PART_WORDS, lower) ? PART_WORDS[lower] : undefined;
}

/** Usual names of columns of labels, the most usual first. */
export const LABEL_COLUMNS = [
  ...['label', 'labels', 'fine_label', 'class', 'target', 'category', 'class_name', 'label_name'],
];

/** Names as messages show them: the first few. */
export function shown(names: readonly string[]): string {
  const MOST_SHOWN = 8;
  return names.slice(0, MOST_SHOWN).join(', ') + (names.length > MOST_SHOWN ? ', …' : '');
}

/** The fault of a column that the user gave and the file lacks. */
export function unknownColumn(path: string, given: string, names: readonly string[]): UserError {
  return dataFault(path, `has no column "${given}", only ${shown(names)}; give one of these`);
}
