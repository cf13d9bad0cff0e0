/** What `resnet data --json` prints, as an object. */
import type { ClassCount } from '../../dataset/counts.ts';
import type { Pairing } from '../../dataset/survey/duplicates.ts';
import type { Survey } from '../../dataset/survey/survey.ts';
import { unequalClassesIn } from './class-table.ts';
import type { Parts } from './survey-text.ts';

/**
 * The facts of a survey: labels with the names of their classes, and images with their names.
 *
 * @param parts the opened parts of the data, by which images are named
 */
export function surveyFacts(survey: Survey, parts: Parts): object {
  const { source, format, classes, classNames, equal, near, nearIsComplete, leftOut, notices } = survey;
  const labelOf = (label: number) => ({ label, labelName: classNames?.[label] });
  const unequal = unequalClassesIn(survey);
  const counted = ({ label, images }: ClassCount) => ({ ...labelOf(label), images });
  const pairing = ({ parts: of, images, contradicting, first }: Pairing) => {
    const pairs = first.map(({ indices, contradicts }) => {
      const sides = indices.map((index, side) => {
        const { nameOf, labels } = parts.get(of[side]!)!;
        return { part: of[side], index, name: nameOf(index), ...labelOf(labels[index]!) };
      });
      return { images: sides, contradicts };
    });
    return { parts: of, images, contradicting, first: pairs };
  };
  return {
    ...{ source, format, classes, classNames },
    images: survey.parts.reduce((sum, { images }) => sum + images, 0),
    parts: survey.parts.map((part) => ({
      ...part,
      classes: part.classes.map((counts, label) => ({ ...labelOf(label), ...counts })),
    })),
    unequalClasses: unequal && { smallest: counted(unequal.smallest), largest: counted(unequal.largest) },
    exactDuplicates: equal.map(pairing),
    nearDuplicates: near.map(pairing),
    nearDuplicatesComplete: nearIsComplete,
    ...{ leftOut, notices },
  };
}
