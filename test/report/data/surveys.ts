/** Makes surveys for tests of what is printed of them. */
import type { PartName } from '../../../src/dataset/formats/found.ts';
import type { Pairing } from '../../../src/dataset/survey/duplicates.ts';
import type { Survey, SurveyedPart } from '../../../src/dataset/survey/survey.ts';
import type { ImageCounts } from '../../../src/dataset/survey/tally.ts';
import type { Parts } from '../../../src/report/data/survey-text.ts';

const SIZE = { height: 48, width: 64 };

/** Counts of images of one size, all of them PNG files with colour. */
export function countsOf(images: number, changes: Partial<ImageCounts> = {}): ImageCounts {
  const sizes = { smallest: SIZE, largest: SIZE, mostCommon: { ...SIZE, images }, different: 1 };
  const formats = [{ format: 'png', images }];
  return { images, unreadable: 0, coloured: images, sizes, formats, ...changes };
}

/** A part with these numbers of images of each class. */
export function partOf(part: PartName, images: readonly number[], changes: Partial<SurveyedPart> = {}): SurveyedPart {
  const sum = images.reduce((all, each) => all + each, 0);
  return { part, ...countsOf(sum), broken: [], classes: images.map((each) => countsOf(each)), ...changes };
}

/** A pairing that lists as many of its images as there are, up to three. */
export function pairingOf(parts: readonly [PartName, PartName], images = 0, contradicting = 0): Pairing {
  const first = Array.from({ length: Math.min(images, 3) }, (_, index) => {
    return { indices: [index, index + 1] as const, contradicts: index < contradicting };
  });
  return { parts, images, contradicting, first };
}

/** A survey of cats and dogs. */
export function surveyOfPets(changes: Partial<Survey> = {}): Survey {
  return {
    source: 'pets',
    format: 'folder',
    classes: 2,
    classNames: ['cat', 'dog'],
    parts: [partOf('train', [700, 300]), partOf('test', [60, 40])],
    equal: [pairingOf(['train', 'train']), pairingOf(['test', 'test']), pairingOf(['train', 'test'])],
    near: [pairingOf(['train', 'train']), pairingOf(['test', 'test']), pairingOf(['train', 'test'])],
    nearIsComplete: true,
    leftOut: [],
    notices: [],
    ...changes,
  };
}

/** Parts whose images have their numbers as names, and the classes cat and dog in turn. */
export const PET_PARTS: Parts = new Map(
  (['train', 'val', 'test'] as const).map((part) => {
    const labels = Uint8Array.from({ length: 100 }, (_, index) => index % 2);
    return [part, { labels, nameOf: (index: number) => `${part}/${index}.png` }];
  }),
);
