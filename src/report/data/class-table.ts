/** How many images each class has in each part of a data set. */
import { type UnequalClasses, unequalClasses } from '../../dataset/counts.ts';
import type { Survey } from '../../dataset/survey/survey.ts';
import { grouped } from '../../numbers.ts';
import { printable } from '../../printable.ts';
import { cut } from '../cut.ts';
import type { TextTable } from '../text-table.ts';

/** Characters of a class's name. */
const MOST_CHARACTERS = 100;

/** A class and the number of its images in each part, in the order of the parts. */
export interface ClassRow {
  readonly label: number;
  readonly images: readonly number[];
}

/**
 * Name of a class as people see it: its name, cut where it is very long, else its number.
 *
 * @param most characters that are kept; default: 100
 */
export function classNameOf({ classNames }: Pick<Survey, 'classNames'>, label: number, most = MOST_CHARACTERS): string {
  return cut(printable(classNames?.[label] ?? String(label)), most);
}

/** A number of classes in words: 1 class, 1,000 classes. */
export function countedClasses(count: number): string {
  return count === 1 ? '1 class' : `${grouped(count)} classes`;
}

/** All classes in the order of their labels. */
export function classRows({ classes: count, parts }: Pick<Survey, 'classes' | 'parts'>): ClassRow[] {
  return Array.from({ length: count }, (_, label) => {
    return { label, images: parts.map(({ classes }) => classes[label]?.images ?? 0) };
  });
}

/**
 * The classes to show: all if they are few, else those with the fewest and the most images in the first part.
 *
 * @param most number of classes up to which all are shown; even
 * @returns in the order of their labels, or of their images where some are left out
 */
export function shownClasses(rows: readonly ClassRow[], most: number): { shown: readonly ClassRow[]; note: string } {
  if (rows.length <= most) return { shown: rows, note: '' };
  const sorted = rows.toSorted((a, b) => a.images[0]! - b.images[0]! || a.label - b.label);
  const shown = [...sorted.slice(0, most / 2), ...sorted.slice(-most / 2)];
  const kinds = `the ${most / 2} smallest and the ${most / 2} largest`;
  return { shown, note: `${kinds} of ${countedClasses(rows.length)}; --json lists all` };
}

/**
 * The table of classes and parts; its last row has the sums of all classes, also of those that are not shown.
 *
 * @param most characters of a class's name that are kept; see `classNameOf`
 */
export function classTable(survey: Survey, shown: readonly ClassRow[], most?: number): TextTable {
  const { parts } = survey;
  const cells = (images: readonly number[]) => {
    const all = images.reduce((sum, each) => sum + each, 0);
    return [...images, ...(parts.length > 1 ? [all] : [])].map((each) => grouped(each));
  };
  const heads = [...parts.map(({ part }) => part), ...(parts.length > 1 ? ['all'] : [])];
  return {
    columns: [{ head: 'class', align: 'left' }, ...heads.map((head) => ({ head, align: 'right' as const }))],
    rows: shown.map(({ label, images }) => [classNameOf(survey, label, most), ...cells(images)]),
    total: ['all', ...cells(parts.map(({ images }) => images))],
  };
}

/** Classes without an image to train on, by name; undefined if there are none. */
export function emptyClassesText(survey: Survey): string | undefined {
  const empty = classRows(survey).filter(({ images }) => images[0] === 0);
  const [first] = empty;
  if (first === undefined) return undefined;
  const have = empty.length === 1 ? 'has' : 'have';
  return `${countedClasses(empty.length)} ${have} no image to train on; the first is ${classNameOf(survey, first.label)}`;
}

/** The smallest and the largest class to train on, where they are unequal. */
export function unequalClassesIn(survey: Pick<Survey, 'classes' | 'parts'>): UnequalClasses | undefined {
  return unequalClasses(classRows(survey).map(({ images }) => images[0]!));
}

/** Unequal classes to train on, by name; undefined if there are none. */
export function unequalClassesText(survey: Survey): string | undefined {
  const { smallest, largest } = unequalClassesIn(survey) ?? {};
  if (smallest === undefined || largest === undefined) return undefined;
  const [least, most] = [smallest, largest].map(({ label }) => classNameOf(survey, label));
  const counts = `${most} has ${grouped(largest.images)} images to train on, ${least} ${grouped(smallest.images)}`;
  return `${counts}; --class-weights balanced counts them alike`;
}
