/** What is known of the images of a data set beside their classes, as pairs of a name and a text. */
import { leftOutText } from '../../dataset/left-out-text.ts';
import type { Pairing } from '../../dataset/survey/duplicates.ts';
import type { Survey, SurveyedPart } from '../../dataset/survey/survey.ts';
import type { Sizes } from '../../dataset/survey/tally.ts';
import type { ImageSize } from '../../image/size.ts';
import { grouped } from '../../numbers.ts';
import { printable } from '../../printable.ts';
import { emptyClassesText, unequalClassesText } from './class-table.ts';

/** The name of a fact, and the fact. */
export type Fact = readonly [name: string, text: string];

/** The facts in the order in which they are shown. */
export function factsOf(survey: Survey): Fact[] {
  const { parts, equal, near, nearIsComplete, leftOut } = survey;
  const isOfFiles = parts.some(({ formats }) => formats.length > 0);
  const [empty, unequal] = [emptyClassesText(survey), unequalClassesText(survey)];
  const nearText = duplicatesText(near, 'near one of');
  return [
    ...(empty === undefined ? [] : [['empty classes', empty] as const]),
    ...(unequal === undefined ? [] : [['unequal classes', unequal] as const]),
    ['height×width', byPart(parts, ({ sizes }) => sizesText(sizes))],
    ...(isOfFiles ? [['files', byPart(parts, formatsText)] as const] : []),
    ['colour', byPart(parts, colourText)],
    ['unreadable', byPart(parts, unreadableText)],
    ['exact duplicates', duplicatesText(equal, 'also in')],
    ['near duplicates', nearIsComplete ? nearText : `${nearText}; there may be more: the search was cut short`],
    ...(leftOut.length > 0 ? [['left out', printable(leftOutText(leftOut))] as const] : []),
  ];
}

/** Height and width in pixels: 48×64. */
function sizeText({ height, width }: ImageSize): string {
  return `${height}×${width}`;
}

/** A text about each part; about all at once if the texts are the same. */
function byPart(parts: readonly SurveyedPart[], textOf: (part: SurveyedPart) => string): string {
  const texts = parts.map(textOf);
  const [first = ''] = texts;
  if (texts.every((text) => text === first)) return first;
  return parts.map(({ part }, index) => `${part}: ${texts[index]}`).join('; ');
}

function sizesText(sizes: Sizes | undefined): string {
  if (sizes === undefined) return 'none known';
  const { smallest, largest, mostCommon, different } = sizes;
  if (different === 1) return `all ${sizeText(smallest)}`;
  const range = `${sizeText(smallest)} to ${sizeText(largest)}`;
  return `${range}, ${grouped(different)} different, most often ${sizeText(mostCommon)} (${grouped(mostCommon.images)})`;
}

function formatsText({ formats }: SurveyedPart): string {
  return formats.map(({ format, images }) => `${format} ${grouped(images)}`).join(', ') || 'none known';
}

function colourText({ coloured, images, unreadable }: SurveyedPart): string {
  return ofAll(coloured, images - unreadable);
}

function unreadableText({ images, unreadable }: SurveyedPart): string {
  return ofAll(unreadable, images);
}

function ofAll(some: number, all: number): string {
  return some === 0 ? 'none' : some === all ? 'all' : `${grouped(some)} of ${grouped(all)}`;
}

/** What parts have in common, e.g. `1 in train; 5 of test also in train (1 with another class)`. */
function duplicatesText(pairings: readonly Pairing[], relation: string): string {
  const texts = pairings
    .filter(({ images }) => images > 0)
    .map(({ parts: [first, second], images, contradicting }) => {
      const where = first === second ? `in ${first}` : `of ${second} ${relation} ${first}`;
      return `${grouped(images)} ${where}${contradicting > 0 ? ` (${grouped(contradicting)} with another class)` : ''}`;
    });
  return texts.join('; ') || 'none';
}
