/** A survey of a tree of pictures, and of arrays. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { idxBytes } from '../../../scripts/draw-data/idx-bytes.ts';
import type { PartName } from '../../../src/dataset/formats/found.ts';
import type { Pairing } from '../../../src/dataset/survey/duplicates.ts';
import { type SurveyedData, surveyOf } from '../../../src/dataset/survey/survey.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { drawPets } from './pets.ts';

const folder = temporaryFolder();
const pets = join(folder, 'pets');
let surveyed: SurveyedData;

beforeAll(async () => {
  await drawPets(pets);
  surveyed = await surveyOf({ path: pets });
});

/** Names of the listed pairs of all parts. */
function namesOf(pairings: readonly Pairing[]): string[] {
  const nameOf = (part: PartName, index: number) => surveyed.parts.get(part)?.nameOf(index);
  return pairings.flatMap(({ parts: [one, other], first }) =>
    first.map(({ indices: [a, b], contradicts }) => {
      return `${nameOf(one, a)} ${nameOf(other, b)}${contradicts ? ' contradicts' : ''}`;
    }),
  );
}

describe('a survey of a tree of pictures', () => {
  test('counts the images of each part and class, those that cannot be read too', () => {
    const { parts, classNames, classes, format } = surveyed.survey;
    expect({ classNames, classes, format }).toEqual({ classNames: ['cat', 'dog'], classes: 2, format: 'folder' });
    const counts = parts.map(({ part, images, classes: of }) => [part, images, ...of.map((each) => each.images)]);
    expect(counts).toEqual([
      ['train', 10, 5, 5],
      ['test', 5, 2, 3],
    ]);
  });

  test('says how many have which size, format and colour', () => {
    const [train, testPart] = surveyed.survey.parts;
    expect(train).toMatchObject({
      coloured: 8,
      formats: [
        { format: 'png', images: 8 },
        { format: 'jpeg', images: 1 },
      ],
    });
    expect(train?.classes.map(({ coloured }) => coloured)).toEqual([3, 5]);
    expect(train?.sizes).toMatchObject({ different: 1, mostCommon: { height: 48, width: 64, images: 9 } });
    expect(testPart?.sizes).toEqual({
      smallest: { height: 48, width: 64 },
      largest: { height: 96, width: 128 },
      mostCommon: { height: 48, width: 64, images: 4 },
      different: 2,
    });
  });

  test('names the picture that cannot be read, and goes on', () => {
    const [train, testPart] = surveyed.survey.parts;
    expect(train).toMatchObject({ unreadable: 1, broken: [{ name: 'train/cat/broken.png' }] });
    expect(train?.broken[0]?.problem).toMatch(/^train\/cat\/broken\.png: is damaged or cut off/);
    expect(testPart).toMatchObject({ unreadable: 0, broken: [] });
    const { nameOf, isReadable, labels } = surveyed.parts.get('train')!;
    const unreadable = [...labels.keys()].filter((index) => !isReadable(index));
    expect(unreadable.map(nameOf)).toEqual(['train/cat/broken.png']);
  });

  test('finds pictures with equal bytes within a part and across parts, and says which contradict', () => {
    const { equal } = surveyed.survey;
    expect(equal.map(({ parts, images, contradicting }) => [...parts, images, contradicting])).toEqual([
      ['train', 'train', 1, 1],
      ['test', 'test', 0, 0],
      ['train', 'test', 1, 0],
    ]);
    expect(namesOf(equal)).toEqual([
      'train/cat/1.png train/dog/cat.png contradicts',
      'train/cat/0.png test/cat/again.png',
    ]);
  });

  test('finds a picture that was stored larger and in another format', () => {
    expect(namesOf(surveyed.survey.near)).toEqual(['train/dog/2.png test/dog/large.jpg']);
    expect(surveyed.survey.nearIsComplete).toBe(true);
  });

  test('says what was left out', () => {
    expect(surveyed.survey.leftOut).toEqual([
      { what: 'files ending in .txt', count: 1 },
      { what: 'files whose names begin with a dot', count: 1 },
    ]);
  });

  test('shows how far it is, over all parts', async () => {
    const seen: string[] = [];
    await surveyOf({ path: pets }, { onProgress: ({ done, total }) => seen.push(`${done}/${total}`) });
    expect(seen).toEqual(Array.from({ length: 15 }, (_, index) => `${index + 1}/15`));
  });

  test('ends with the reason of its signal', async () => {
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error('enough'));
    await expect(surveyOf({ path: pets }, { onProgress, signal: stop.signal })).rejects.toThrow('enough');
  });
});

describe('a survey of IDX files', () => {
  const data = join(folder, 'idx');
  const pixels = Uint8Array.from({ length: 3 * 4 * 5 }, (_, index) => (index < 40 ? index % 20 : 200 - index)); // two equal

  beforeAll(() => {
    mkdirSync(data);
    for (const [part, labels] of [
      ['train', [3, 4, 3]],
      ['t10k', [3, 3, 0]],
    ] as const) {
      writeFileSync(join(data, `${part}-images-idx3-ubyte`), idxBytes([3, 4, 5], pixels));
      writeFileSync(join(data, `${part}-labels-idx1-ubyte`), idxBytes([3], labels));
    }
  });

  test('counts labels without names, and images of one size and of no file format', async () => {
    const { survey } = await surveyOf({ path: data });
    expect(survey).toMatchObject({ classes: 10, classNames: undefined, format: 'idx' });
    const [train] = survey.parts;
    expect(train?.classes.map(({ images }) => images)).toEqual([0, 0, 0, 2, 1, 0, 0, 0, 0, 0]);
    expect(train).toMatchObject({ images: 3, coloured: 0, unreadable: 0, formats: [] });
    expect(train?.sizes).toMatchObject({ different: 1, smallest: { height: 4, width: 5 } });
  });

  test('compares all images of the test part with those to train on, also those that are there twice', async () => {
    const { survey } = await surveyOf({ path: data });
    expect(survey.equal.map(({ images, contradicting }) => [images, contradicting])).toEqual([
      [1, 1],
      [1, 0],
      [3, 1],
    ]);
  });

  test('is refused if a file is damaged: its exit code is 3', async () => {
    writeFileSync(join(data, 't10k-labels-idx1-ubyte'), idxBytes([4], [0, 0, 0]));
    await expect(surveyOf({ path: data })).rejects.toMatchObject({ code: 3 });
  });
});
