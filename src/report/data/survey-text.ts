/** The text output of `resnet data`. */

import type { FoundPart, PartName } from '../../dataset/formats/found.ts';
import type { ImagePair, Pairing } from '../../dataset/survey/duplicates.ts';
import type { Survey } from '../../dataset/survey/survey.ts';
import { counted, grouped } from '../../numbers.ts';
import { printable } from '../../printable.ts';
import { cut } from '../cut.ts';
import { dataLine } from '../runtime-line.ts';
import { wrapped } from '../screen.ts';
import { plainTable } from '../text-table.ts';
import { classNameOf, classRows, classTable, countedClasses, shownClasses } from './class-table.ts';
import { factsOf } from './facts.ts';

/** Number of classes up to which all are shown. */
const MOST_CLASSES = 20;

/** Characters of a class's name in the table: beside it, the numbers of three parts fit 80 columns. */
const TABLE_NAME_CHARACTERS = 40;

/** Pictures that cannot be read, and pairs of images of each kind, that are listed. */
const LISTED = 5;

/** Characters of a text from a file: a path may have 4,096. */
const MOST_CHARACTERS = 5000;

/** The opened parts of the data, by which images are named. */
export type Parts = ReadonlyMap<PartName, Pick<FoundPart, 'labels' | 'nameOf'>>;

/**
 * The whole output: a line about the data, a table of classes and parts, a line for each fact, and lists.
 *
 * @param width characters of a line, to which the table is folded
 */
export function surveyText(survey: Survey, parts: Parts, width?: number): string {
  const { shown, note } = shownClasses(classRows(survey), MOST_CLASSES);
  const facts = factsOf(survey);
  const indent = Math.max(...facts.map(([name]) => name.length)) + 2;
  const lines = facts.map(([name, text]) => wrapped([name.padEnd(indent - 1), ...text.split(' ')], ' '.repeat(indent)));
  return [
    headLine(survey) +
      survey.notices.map((notice) => wrapped(printable(cut(notice, MOST_CHARACTERS)).split(' '))).join(''),
    plainTable(classTable(survey, shown, TABLE_NAME_CHARACTERS), width) + (note === '' ? '' : `${note}\n`),
    lines.join(''),
    brokenList(survey),
    pairsList('exact duplicates', survey, survey.equal, parts),
    pairsList('near duplicates', survey, survey.near, parts),
  ]
    .filter((block) => block !== '')
    .join('\n');
}

function headLine({ source, format, classes, parts }: Survey): string {
  const images = parts.reduce((sum, each) => sum + each.images, 0);
  return dataLine(
    source,
    `, format ${format}`,
    `${images === 1 ? '1 image' : `${grouped(images)} images`} of ${countedClasses(classes)}`,
  );
}

function brokenList({ parts }: Survey): string {
  const count = parts.reduce((sum, { unreadable }) => sum + unreadable, 0);
  const problems = parts.flatMap(({ broken }) => broken.map(({ problem }) => printable(cut(problem, MOST_CHARACTERS))));
  return list(`${counted(count, 'picture')} that cannot be read:`, problems, count);
}

function pairsList(kind: string, survey: Survey, pairings: readonly Pairing[], parts: Parts): string {
  const count = pairings.reduce((sum, { images }) => sum + images, 0);
  const pairs = pairings.flatMap(({ parts: [first, second], first: listed }) => {
    return listed.map((pair) => ({ pair, of: [first, second] as const }));
  });
  // What contradicts comes first, then what is in two parts.
  const rank = ({ pair, of }: (typeof pairs)[number]) => (pair.contradicts ? 0 : 2) + (of[0] === of[1] ? 1 : 0);
  const texts = pairs.toSorted((a, b) => rank(a) - rank(b)).map(({ pair, of }) => pairText(survey, parts, pair, of));
  return list(`${kind}:`, texts, count);
}

function pairText(survey: Survey, parts: Parts, { indices, contradicts }: ImagePair, of: readonly PartName[]): string {
  const [first, second] = indices.map((index, side) => {
    const { nameOf, labels } = parts.get(of[side]!)!;
    const name = printable(cut(nameOf(index), MOST_CHARACTERS));
    return contradicts ? `${name} (${classNameOf(survey, labels[index]!)})` : name;
  });
  return `${first} and ${second}`;
}

/** A heading with the first entries below it; nothing if there are none. */
function list(heading: string, entries: readonly string[], count: number): string {
  if (count === 0) return '';
  const shown = entries.slice(0, LISTED);
  const rest = count - shown.length;
  const more = rest > 0 ? [`and ${grouped(rest)} more`] : [];
  return [heading, ...[...shown, ...more].map((entry) => `  ${entry}`), ''].join('\n');
}
