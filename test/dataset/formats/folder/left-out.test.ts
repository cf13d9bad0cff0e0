/** Tests of counting what is left out. */
import { expect, test } from '@jest/globals';
import { LeftOutCounts } from '../../../../src/dataset/formats/folder/left-out.ts';

test('the most frequent kinds come first, and the rarest of more than 20 are counted together', () => {
  const counts = new LeftOutCounts();
  for (let kind = 0; kind < 25; kind++) counts.add(`files ending in .${kind}`, 100 - kind);
  const list = counts.list();
  expect(list.length).toBe(21);
  expect(list[0]).toEqual({ what: 'files ending in .0', count: 100 });
  expect(list[20]).toEqual({ what: 'files and folders of other kinds', count: 80 + 79 + 78 + 77 + 76 });
});

test('the list does not depend on the order of counting', () => {
  const [one, other] = [new LeftOutCounts(), new LeftOutCounts()];
  for (const what of ['b', 'a', 'c', 'c']) one.add(what);
  for (const what of ['c', 'a', 'b', 'c']) other.add(what);
  expect(one.list()).toEqual([
    { what: 'c', count: 2 },
    { what: 'a', count: 1 },
    { what: 'b', count: 1 },
  ]);
  expect(other.list()).toEqual(one.list());
});
