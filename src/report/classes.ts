/** The texts about classes: confusion matrix, scores of each class, most frequent confusions. */
import { classText } from '../evaluation/class-names.ts';
import type { ClassScores, Confusion, ConfusionMatrix } from '../evaluation/confusion.ts';
import { percentage } from '../numbers.ts';
import { printable } from '../printable.ts';
import { cut } from './cut.ts';
import { framedTable } from './framed-table.ts';
import { plainTable } from './text-table.ts';

/** Most characters of a class's name in a confusion matrix, in a table of classes, and in one of pairs of classes. */
const MAX_NAME_CHARACTERS = { matrix: 16, table: 40, pair: 27 };

/** Most classes that are all listed. */
const MAX_CLASS_ROWS = 20;

/** The columns of the scores of classes, here and on the report page; the first holds the class. */
export const CLASS_COLUMNS: readonly { readonly head: string; readonly cell: (scores: ClassScores) => string }[] = [
  { head: 'Class', cell: ({ label, labelName }) => nameOf(label, labelName, MAX_NAME_CHARACTERS.table) },
  { head: 'Images', cell: ({ support }) => String(support) },
  { head: 'Precision', cell: ({ precision }) => scoreText(precision) },
  { head: 'Recall', cell: ({ recall }) => scoreText(recall) },
  { head: 'F1', cell: ({ f1 }) => scoreText(f1) },
];

function scoreText(value: number | null): string {
  return value === null ? '–' : percentage(value);
}

/** Explains the mark `–` of a score; '' if no class has it. */
export function undefinedScoresNote(classes: readonly ClassScores[]): string {
  const isMarked = classes.some(({ precision, recall }) => precision === null || recall === null);
  return isMarked ? '– is 0/0: never predicted (precision), or no images (recall)' : '';
}

/**
 * The confusion matrix as a framed table. If it is wider than `width`, its cells move closer together; if it is still
 * too wide, a sentence replaces it.
 */
export function confusionMatrixText(
  matrix: ConfusionMatrix | undefined,
  classes: readonly Pick<ClassScores, 'label' | 'labelName'>[],
  width: number,
): string {
  if (matrix === undefined) return `confusion matrix: not made for ${classes.length} classes\n`;
  // Named classes have their names before the rows, and their numbers above the columns.
  const head = ['', ...matrix.keys()].map(String);
  const rows = matrix.map((row, label) => [rowHead(classes[label]!), ...row.map(String)]);
  const widths = head.map((_, column) => [head, ...rows].reduce((most, row) => Math.max(most, row[column]!.length), 0));
  // The width is computed before the table is made: cli-table3 would take seconds for 256 classes.
  const widthOf = (padding: number) => widths.reduce((sum, cell) => sum + cell + 2 * padding + 1, 1);
  const padding = [1, 0].find((each) => widthOf(each) <= width);
  if (padding === undefined) {
    return `confusion matrix: ${matrix.length} classes do not fit ${width} columns; --json has it\n`;
  }
  const table = framedTable(head, padding);
  table.push(...rows);
  return `confusion matrix: a row for each true class, a column for each predicted one\n${table}\n`;
}

/** The class of a row: its number, and its name if it has one. */
function rowHead({ label, labelName }: Pick<ClassScores, 'label' | 'labelName'>): string {
  return labelName === undefined ? String(label) : `${nameOf(label, labelName, MAX_NAME_CHARACTERS.matrix)} ${label}`;
}

/** A class as a table has room for it: its name, else its number. */
function nameOf(label: number, name: string | undefined, most: number): string {
  return cut(printable(classText(label, name)), most);
}

/** A table of the scores of all classes, or of the twenty with the lowest F1. */
export function classScoresText(classes: readonly ClassScores[], width: number): string {
  const all = classes.length <= MAX_CLASS_ROWS;
  const shown = all ? classes : classes.toSorted(byF1).slice(0, MAX_CLASS_ROWS);
  const table = plainTable(
    {
      columns: CLASS_COLUMNS.map(({ head }) => ({ head, align: 'right' })),
      rows: shown.map((scores) => CLASS_COLUMNS.map(({ cell }) => cell(scores))),
    },
    width,
  );
  const head = all ? '' : `the ${shown.length} of ${classes.length} classes with the lowest F1\n`;
  const note = undefinedScoresNote(shown);
  return `${head}${table}${note === '' ? '' : `${note}\n`}`;
}

/** Orders classes by F1, the lowest first; classes without an F1 come last. */
function byF1(a: ClassScores, b: ClassScores): number {
  return (a.f1 ?? Number.MAX_VALUE) - (b.f1 ?? Number.MAX_VALUE);
}

/** The two classes of a confusion, for example `4 → 9`; long names are cut. */
export function confusionText({ label, labelName, predicted, predictedName }: Omit<Confusion, 'images'>): string {
  const most = MAX_NAME_CHARACTERS.pair;
  return `${nameOf(label, labelName, most)} → ${nameOf(predicted, predictedName, most)}`;
}

/**
 * A table of the most frequent confusions.
 *
 * @param classes the scores of all classes, in the order of their labels
 */
export function topConfusionsText(
  confusions: readonly Confusion[],
  classes: readonly ClassScores[],
  width: number,
): string {
  if (confusions.length === 0) return 'no mistakes\n';
  const columns = [
    { head: 'Top confusions', align: 'left' },
    { head: 'Images', align: 'right' },
    { head: 'Of the class', align: 'right' },
  ] as const;
  const rows = confusions.map((confusion) => {
    const { label, images } = confusion;
    return [confusionText(confusion), String(images), percentage(images / classes[label]!.support)];
  });
  return plainTable({ columns, rows }, width);
}
