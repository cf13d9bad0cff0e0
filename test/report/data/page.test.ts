/** The page of `resnet data --html`. */
import { expect, test } from '@jest/globals';
import { dataPage } from '../../../src/report/data/page.ts';
import type { PageImage } from '../../../src/report/data/page-figure.ts';
import { readPage } from '../../support/pages.ts';
import { partOf, surveyOfPets } from './surveys.ts';

const HOSTILE = `"><img src=x onerror='alert(1)'>&\u0000\u001b[2J\u202e`;
const SHOWN = `"><img src=x onerror='alert(1)'>&\\u0000\\u001b[2J\\u202e`;
const ADDRESS = 'data:image/png;base64,AAAA';

function imageOf(name: string, label = 0, address: string | undefined = ADDRESS): PageImage {
  return { name, label, address };
}

const NONE = { samples: [], equal: [], near: [] };

test('shows the facts, the classes, the duplicates side by side and images of each class, and loads nothing', () => {
  const page = dataPage(surveyOfPets(), {
    samples: [{ part: 'train', label: 1, images: [imageOf('train/dog/1.png', 1), imageOf('train/dog/2.png', 1)] }],
    equal: [[imageOf('train/cat/1.png'), imageOf('test/dog/1.png', 1)]],
    near: [[imageOf('train/cat/2.png'), imageOf('test/cat/2.png')]],
  });
  const { faults, addresses, elements, text } = readPage(page);
  expect(faults).toEqual([]);
  expect(addresses).toEqual(Array(6).fill(ADDRESS));
  expect(elements.filter((name) => name === 'figure')).toHaveLength(4);
  const words = text.replace(/\s+/g, ' ');
  expect(words).toContain('1,100 images of 2 classes in pets , format folder.');
  expect(words).toContain('class train test all cat 700 60 760 dog 300 40 340 all 1,000 100 1,100');
  expect(words).toContain('cat train/cat/1.png dog test/dog/1.png');
  expect(page.split('class="contradiction"')).toHaveLength(2);
});

test('lists the pictures that cannot be read, and says how many more there are', () => {
  const broken = [{ name: '1.png', problem: '1.png: is damaged' }];
  const { text } = readPage(
    dataPage(surveyOfPets({ parts: [partOf('train', [3, 4], { broken, unreadable: 3 })] }), NONE),
  );
  expect(text.replace(/\s+/g, ' ')).toContain('Pictures that cannot be read 1.png: is damaged And 2 more.');
});

test('escapes all texts from files', () => {
  const broken = [{ name: HOSTILE, problem: HOSTILE }];
  const survey = surveyOfPets({
    source: HOSTILE,
    classNames: [HOSTILE, 'dog'],
    parts: [partOf('train', [1, 1], { broken, unreadable: 1 })],
    leftOut: [{ what: HOSTILE, count: 1 }],
    notices: [HOSTILE],
  });
  const pair = [imageOf(HOSTILE), imageOf(HOSTILE, 1)] as const;
  const images = {
    samples: [{ part: 'train' as const, label: 0, images: [imageOf(HOSTILE)] }],
    equal: [pair],
    near: [],
  };
  const { faults, elements, text } = readPage(dataPage(survey, images));
  expect(faults).toEqual([]);
  expect(elements.filter((name) => name === 'img')).toHaveLength(3);
  // Title, heading, source, notice, left out, broken; the class in the table, below the pair and before its images; the pair's names.
  expect(text.split(SHOWN)).toHaveLength(12);
});

test('an image for which there was no room is named', () => {
  const pair = [{ name: 'one.png', label: 0, address: undefined }, imageOf('other.png')] as const;
  const { text, elements } = readPage(dataPage(surveyOfPets(), { ...NONE, near: [pair] }));
  expect(text.replace(/\s+/g, ' ')).toContain('not drawn cat one.png');
  expect(elements.filter((name) => name === 'img')).toHaveLength(1);
});

test('stays small with tens of thousands of classes that have names of any length', () => {
  const classes = 65_535;
  const classNames = Array.from({ length: classes }, (_, label) => `${label}&`.repeat(label < 10 ? 100_000 : 20));
  const page = dataPage(surveyOfPets({ classes, classNames, parts: [partOf('train', Array(classes).fill(1))] }), NONE);
  expect(page.length).toBeLessThan(1e6);
  expect(readPage(page).text).toContain('the 500 smallest and the 500 largest of 65,535 classes');
});
