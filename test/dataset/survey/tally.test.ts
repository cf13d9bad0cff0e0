/** Counts of what images are like. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ImageFacts, ImageTally } from '../../../src/dataset/survey/tally.ts';

const FACTS = fc.array(
  fc.record({
    height: fc.integer({ min: 1, max: 4 }),
    width: fc.integer({ min: 1, max: 4 }),
    format: fc.constantFrom('png', 'jpeg', undefined),
    hasColour: fc.boolean(),
  }),
);

function countsOf(facts: readonly ImageFacts[]) {
  const tally = new ImageTally();
  for (const each of facts) tally.add(each);
  return tally.counts();
}

test('counts are the same in whichever order the images come', () => {
  fc.assert(
    fc.property(
      FACTS.chain((facts) => fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length }))),
      ([facts, shuffled]) => {
        expect(countsOf(shuffled)).toEqual(countsOf(facts));
      },
    ),
  );
});

test('counts add up: formats to the files, and the most common size is one of those in between', () => {
  fc.assert(
    fc.property(FACTS, (facts) => {
      const { images, coloured, formats, sizes } = countsOf(facts);
      expect(images).toBe(facts.length);
      expect(coloured).toBe(facts.filter(({ hasColour }) => hasColour).length);
      const files = facts.filter(({ format }) => format !== undefined).length;
      expect(formats.reduce((sum, each) => sum + each.images, 0)).toBe(files);
      const areas = facts.map(({ height, width }) => height * width);
      const area = (of: { height: number; width: number } | undefined) => (of ? of.height * of.width : undefined);
      expect(area(sizes?.smallest)).toBe(facts.length === 0 ? undefined : Math.min(...areas));
      expect(area(sizes?.largest)).toBe(facts.length === 0 ? undefined : Math.max(...areas));
      expect(sizes?.different ?? 0).toBe(new Set(facts.map(({ height, width }) => `${height} ${width}`)).size);
    }),
  );
});

test('an image that cannot be read counts, and has neither size nor format', () => {
  const tally = new ImageTally();
  tally.addUnreadable();
  expect(tally.counts()).toEqual({ images: 1, unreadable: 1, coloured: 0, sizes: undefined, formats: [] });
});

test('of sizes that equally many images have, the smallest is the most common', () => {
  const facts = { format: undefined, hasColour: false };
  const { sizes } = countsOf([
    { height: 5, width: 5, ...facts },
    { height: 3, width: 2, ...facts },
    { height: 2, width: 3, ...facts },
  ]);
  expect(sizes).toEqual({
    smallest: { height: 2, width: 3 },
    largest: { height: 5, width: 5 },
    mostCommon: { height: 2, width: 3, images: 1 },
    different: 3,
  });
});
