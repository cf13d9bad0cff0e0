/** Finds the same images within a part and across parts. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LISTED_PAIRS, pairingsOf } from '../../../src/dataset/survey/duplicates.ts';
import { findEqual, type HashedPart, nearSearch } from '../../../src/dataset/survey/same-images.ts';

const MINIATURE_BYTES = 72;

/** A part of images that are named by letters: equal letters are equal bytes; undefined cannot be read. */
function partOf(
  part: 'train' | 'test',
  images: readonly (readonly [letter: string | undefined, label: number])[],
): HashedPart {
  return {
    part,
    labels: Uint8Array.from(images, ([, label]) => label),
    digests: images.map(([letter]) => letter),
    miniatures: new Uint8Array(images.length * MINIATURE_BYTES),
  };
}

const IMAGES = fc.array(
  fc.tuple(fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: undefined }), fc.integer({ min: 0, max: 1 })),
  { maxLength: 40 },
);

test('counts as many equal images as comparing each with each does', () => {
  fc.assert(
    fc.property(IMAGES, IMAGES, (ofTrain, ofTest) => {
      const parts = [partOf('train', ofTrain), partOf('test', ofTest)];
      const count = (first: typeof ofTrain, second: typeof ofTrain, isWithin: boolean) => {
        const found = second.flatMap(([letter, label], at) => {
          const same = first.find(
            ([other], place) => letter !== undefined && other === letter && (!isWithin || place < at),
          );
          return same === undefined ? [] : [same[1] !== label];
        });
        return [found.length, found.filter((contradicts) => contradicts).length];
      };
      const pairings = pairingsOf(parts, findEqual());
      expect(pairings.map(({ images, contradicting }) => [images, contradicting])).toEqual([
        count(ofTrain, ofTrain, true),
        count(ofTest, ofTest, true),
        count(ofTrain, ofTest, false),
      ]);
    }),
  );
});

test('lists few pairs of many, those that contradict first', () => {
  const images = Array.from({ length: 50 }, (_, index) => ['a', index === 49 ? 1 : 0] as const);
  const [within] = pairingsOf([partOf('train', images)], findEqual());
  expect(within).toMatchObject({ images: 49, contradicting: 1 });
  expect(within?.first).toHaveLength(LISTED_PAIRS);
  expect(within?.first.slice(0, 2)).toEqual([
    { indices: [0, 49], contradicts: true },
    { indices: [0, 1], contradicts: false },
  ]);
});

/** A part of three images: a slope, one that is nearly the same, and another. */
function slopes(part: 'train' | 'test', digests: readonly string[]): HashedPart {
  const slope = (at: number) => 20 * (at % 9);
  const levels = [slope, (at: number) => slope(at) + (at % 2), (at: number) => 200 - slope(at)];
  return {
    part,
    labels: Uint8Array.of(0, 0, 0),
    digests,
    miniatures: Uint8Array.from({ length: 3 * MINIATURE_BYTES }, (_, at) =>
      levels[Math.floor(at / MINIATURE_BYTES)]!(at % MINIATURE_BYTES),
    ),
  };
}

test('finds images that look the same within a part and across parts', () => {
  const search = nearSearch(findEqual());
  const parts = [slopes('train', ['a', 'b', 'c']), slopes('test', ['d', 'e', 'f'])];
  const pairings = pairingsOf(parts, search.find);
  expect(pairings.map(({ parts: of, first }) => [...of, ...first.map(({ indices }) => indices.join())])).toEqual([
    ['train', 'train', '0,1'],
    ['test', 'test', '0,1'],
    ['train', 'test', '0,0', '1,1', '2,2'],
  ]);
  expect(search.isComplete()).toBe(true);
});

test('images with equal bytes are no near duplicates as well', () => {
  const parts = [slopes('train', ['a', 'b', 'c']), slopes('test', ['a', 'x', 'c'])];
  const across = pairingsOf(parts, nearSearch(findEqual()).find).at(-1);
  expect(across?.first.map(({ indices }) => indices)).toEqual([[1, 1]]);
});

test('an empty part has nothing in common with another', () => {
  const empty: HashedPart = { part: 'train', labels: Uint8Array.of(), digests: [], miniatures: Uint8Array.of() };
  const across = pairingsOf([empty, slopes('test', ['a', 'b', 'c'])], nearSearch(findEqual()).find).at(-1);
  expect(across).toMatchObject({ parts: ['train', 'test'], images: 0 });
});
