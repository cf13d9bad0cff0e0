/** The facts that `resnet data --json` prints. */
import { expect, test } from '@jest/globals';
import { surveyFacts } from '../../../src/report/data/survey-json.ts';
import { countsOf, PET_PARTS, pairingOf, partOf, surveyOfPets } from './surveys.ts';

test('classes and images have their labels and the names of these', () => {
  const equal = [pairingOf(['train', 'test'], 1, 1)];
  expect(surveyFacts(surveyOfPets({ equal }), PET_PARTS)).toMatchObject({
    images: 1100,
    parts: [
      {
        part: 'train',
        images: 1000,
        classes: [
          { label: 0, labelName: 'cat', ...countsOf(700) },
          { label: 1, labelName: 'dog', ...countsOf(300) },
        ],
      },
      { part: 'test', images: 100 },
    ],
    exactDuplicates: [
      {
        parts: ['train', 'test'],
        images: 1,
        contradicting: 1,
        first: [
          {
            contradicts: true,
            images: [
              { part: 'train', index: 0, name: 'train/0.png', label: 0, labelName: 'cat' },
              { part: 'test', index: 1, name: 'test/1.png', label: 1, labelName: 'dog' },
            ],
          },
        ],
      },
    ],
    nearDuplicatesComplete: true,
  });
});

test('labels that are bare numbers have no names', () => {
  const text = JSON.stringify(surveyFacts(surveyOfPets({ classNames: undefined }), PET_PARTS));
  expect(text).toContain('{"label":0,"images":700');
  expect(text).not.toContain('labelName');
});

test('unequal classes are named with their counts, and others are not', () => {
  expect(surveyFacts(surveyOfPets({ parts: [partOf('train', [30, 300])] }), PET_PARTS)).toMatchObject({
    unequalClasses: {
      smallest: { label: 0, labelName: 'cat', images: 30 },
      largest: { label: 1, labelName: 'dog', images: 300 },
    },
  });
  expect(JSON.stringify(surveyFacts(surveyOfPets(), PET_PARTS))).not.toContain('unequalClasses');
});
