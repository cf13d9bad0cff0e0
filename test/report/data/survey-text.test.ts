/** What `resnet data` prints. */
import { describe, expect, test } from '@jest/globals';
import { printable } from '../../../src/printable.ts';
import { surveyText } from '../../../src/report/data/survey-text.ts';
import { PET_PARTS, pairingOf, partOf, surveyOfPets } from './surveys.ts';

const HOSTILE = 'cat\u001b[2J\u202e';

test('data without faults take a table and a line for each fact', () => {
  expect(surveyText(surveyOfPets(), PET_PARTS, 80)).toBe(`data pets, format folder: 1,100 images of 2 classes

class  train  test    all
─────  ─────  ────  ─────
cat      700    60    760
dog      300    40    340
─────  ─────  ────  ─────
all    1,000   100  1,100

height×width      all 48×64
files             train: png 1,000; test: png 100
colour            all
unreadable        none
exact duplicates  none
near duplicates   none
`);
});

test('a long name of a class is cut, so that the table fits 80 columns', () => {
  const classNames = ['cat', 'd'.repeat(50)];
  const parts = (['train', 'val', 'test'] as const).map((part) => partOf(part, [700, 300]));
  const lines = surveyText(surveyOfPets({ classNames, parts }), PET_PARTS, 80).split('\n');
  expect(lines).toContain(`${'d'.repeat(39)}…    300    300    300    900`);
});

test('what is wrong with data is counted in its line, and listed below', () => {
  const sizes = {
    smallest: { height: 1, width: 2 },
    largest: { height: 480, width: 640 },
    mostCommon: { height: 48, width: 64, images: 990 },
    different: 7,
  };
  const formats = [
    { format: 'png', images: 990 },
    { format: 'jpeg', images: 4 },
  ];
  const broken = Array.from({ length: 6 }, (_, index) => {
    return { name: `${index}.png`, problem: `${index}.png: is damaged or cut off` };
  });
  const changes = { sizes, formats, broken, unreadable: 6, coloured: 494 };
  const survey = surveyOfPets({
    parts: [partOf('train', [700, 300], changes), partOf('test', [60, 40])],
    equal: [pairingOf(['train', 'train'], 2, 1), pairingOf(['test', 'test']), pairingOf(['train', 'test'], 4, 2)],
    near: [pairingOf(['train', 'train'], 1), pairingOf(['test', 'test']), pairingOf(['train', 'test'], 1)],
    nearIsComplete: false,
    leftOut: [
      { what: 'files ending in .txt', count: 1200 },
      { what: 'files whose names begin with a dot', count: 1 },
    ],
    notices: ['nested folders count for their top folder'],
  });
  expect(surveyText(survey, PET_PARTS, 80)).toBe(`data pets, format folder: 1,100 images of 2 classes
nested folders count for their top folder

class  train  test    all
─────  ─────  ────  ─────
cat      700    60    760
dog      300    40    340
─────  ─────  ────  ─────
all    1,000   100  1,100

height×width      train: 1×2 to 480×640, 7 different, most often 48×64 (990);
                  test: all 48×64
files             train: png 990, jpeg 4; test: png 100
colour            train: 494 of 994; test: all
unreadable        train: 6 of 1,000; test: none
exact duplicates  2 in train (1 with another class); 4 of test also in train (2
                  with another class)
near duplicates   1 in train; 1 of test near one of train; there may be more:
                  the search was cut short
left out          files ending in .txt: 1,200; files whose names begin with a
                  dot: 1

6 pictures that cannot be read:
  0.png: is damaged or cut off
  1.png: is damaged or cut off
  2.png: is damaged or cut off
  3.png: is damaged or cut off
  4.png: is damaged or cut off
  and 1 more

exact duplicates:
  train/0.png (cat) and test/1.png (dog)
  train/1.png (dog) and test/2.png (cat)
  train/0.png (cat) and train/1.png (dog)
  train/2.png and test/3.png
  train/1.png and train/2.png
  and 1 more

near duplicates:
  train/0.png and test/1.png
  train/0.png and train/1.png
`);
});

describe('classes', () => {
  const images = Array.from({ length: 25 }, (_, label) => (label === 7 ? 0 : 10 + ((label * 7) % 25)));

  test('of more than twenty, the smallest and the largest are shown, and the sums are of all', () => {
    const parts = [partOf('train', images)];
    const text = surveyText(surveyOfPets({ parts, classes: 25, classNames: undefined }), PET_PARTS, 80);
    const [, table = ''] = text.split('\n\n');
    const rows = table.trimEnd().split('\n');
    expect(rows[0]).toBe('class  train');
    const shown = rows.slice(2, -3).map((row) => Number(row.split(/ +/)[1]));
    const sorted = images.toSorted((a, b) => a - b);
    expect(shown).toEqual([...sorted.slice(0, 10), ...sorted.slice(-10)]);
    const sum = images.reduce((all, each) => all + each, 0);
    expect(rows.slice(-2)).toEqual([
      `all      ${sum}`,
      'the 10 smallest and the 10 largest of 25 classes; --json lists all',
    ]);
  });

  test('without an image to train on are said', () => {
    const parts = [partOf('train', images)];
    const text = surveyText(surveyOfPets({ parts, classes: 25, classNames: undefined }), PET_PARTS, 80);
    expect(text).toContain('empty classes     1 class has no image to train on; the first is 7\n');
  });

  test('of which one has ten times the images of another are said, with what can be done', () => {
    const parts = [partOf('train', [2000, 0]), partOf('test', [1, 30])];
    expect(surveyText(surveyOfPets({ parts }), PET_PARTS, 80)).not.toContain('unequal');
    const unequal = [partOf('train', [2000, 200]), partOf('test', [1, 30])];
    expect(surveyText(surveyOfPets({ parts: unequal }), PET_PARTS, 80)).toContain(
      'unequal classes   cat has 2,000 images to train on, dog 200; --class-weights\n' +
        '                  balanced counts them alike\n',
    );
  });

  test('of arrays have no line about files', () => {
    const parts = [partOf('train', [1, 2], { formats: [] })];
    expect(surveyText(surveyOfPets({ parts }), PET_PARTS, 80)).not.toMatch(/^files/m);
  });
});

test('characters that are not seen are shown as escapes, wherever a text comes from a file', () => {
  const broken = [{ name: HOSTILE, problem: `${HOSTILE}: is damaged` }];
  const survey = surveyOfPets({
    source: HOSTILE,
    classNames: [HOSTILE, HOSTILE],
    parts: [partOf('train', [1, 1], { broken, unreadable: 1 })],
    equal: [pairingOf(['train', 'train'], 1, 1)],
    leftOut: [{ what: `files named ${HOSTILE}`, count: 1 }],
    notices: [HOSTILE],
  });
  const parts = new Map([['train' as const, { labels: Uint8Array.of(0, 1), nameOf: () => HOSTILE }]]);
  const text = surveyText(survey, parts, 80);
  expect(text.split('\n').map(printable)).toEqual(text.split('\n'));
  expect(text.split('cat\\u001b[2J\\u202e')).toHaveLength(11);
});

test('a name of a class that is very long is cut', () => {
  const text = surveyText(surveyOfPets({ classNames: ['x'.repeat(1e6), 'dog'] }), PET_PARTS, 80);
  expect(text.length).toBeLessThan(3000);
  expect(text).toContain(`${'x'.repeat(39)}…  `);
});
