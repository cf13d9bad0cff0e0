/** Things that are worked on at the same time come in their order. */
import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { inOrder } from '../../../src/evaluation/predict/in-order.ts';

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const each of results) list.push(each);
  return list;
}

test('results come in the order of the things, however long each takes, and few are worked on at once', async () => {
  let [running, most] = [0, 0];
  const work = async (index: number) => {
    most = Math.max(most, ++running);
    await setTimeout((7 * index) % 5);
    running -= 1;
    return 2 * index;
  };
  const things = Array.from({ length: 20 }, (_, index) => index);
  expect(await all(inOrder(things, 3, work))).toEqual(things.map((index) => 2 * index));
  expect(most).toBe(3);
  expect(await all(inOrder([], 3, work))).toEqual([]);
});

test('no more is begun than is asked for, and an error comes at its place', async () => {
  const begun: number[] = [];
  const results = inOrder([0, 1, 2, 3, 4], 2, async (index) => {
    begun.push(index);
    if (index === 2) throw new Error('two');
    return index;
  });
  expect(await results.next()).toEqual({ value: 0, done: false });
  expect(begun).toEqual([0, 1]);
  expect(await results.next()).toEqual({ value: 1, done: false });
  await expect(results.next()).rejects.toThrow('two');
  expect(await results.next()).toEqual({ value: undefined, done: true });
  expect(begun).toEqual([0, 1, 2, 3]);
});
