/** Parts of batches, buckets of gradients, and what TensorFlow says of a lost worker. */
import { expect, test } from '@jest/globals';
import { bucketsOf } from '../../src/engine/peers/buckets.ts';
import { changesOf, partOf } from '../../src/engine/peers/part.ts';
import { saysGone } from '../../src/engine/peers/workers.ts';

test('the parts of any batch follow one another, cover it, and differ by one image at most', () => {
  for (let whole = 0; whole <= 40; whole++) {
    for (let count = 1; count <= 9; count++) {
      const parts = Array.from({ length: count }, (_, rank) => partOf(whole, { rank, count }));
      const sizes = parts.map(({ begin, end }) => end - begin);
      expect(parts.map(({ begin }) => begin)).toEqual([0, ...parts.slice(0, -1).map(({ end }) => end)]);
      expect(parts.at(-1)?.end).toBe(whole);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  }
});

test('a part has the changes of its images', () => {
  const colours = Float32Array.from({ length: 10 }, (_, index) => index); // 5 images, two numbers each
  expect(changesOf({ colours }, { begin: 1, end: 3, whole: 5 })).toEqual({ colours: Float32Array.of(2, 3, 4, 5) });
  expect(changesOf(undefined, { begin: 1, end: 3, whole: 5 })).toBeUndefined();
});

test('gradients go into four buckets of about equal size, in their order', () => {
  const sizes = [10, 5120, 262_144, 9, 262_144, 262_144, 524_288, 64, 131_072, 589_824, 589_824, 3136];
  const tensors = sizes.map((size, index) => [`tensor ${index}`, size] as const);
  const buckets = bucketsOf(tensors);
  expect(buckets).toHaveLength(4);
  expect(buckets.flat()).toEqual(tensors);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  for (const bucket of buckets) {
    const share = bucket.reduce((sum, [, size]) => sum + size, 0) / total;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.4);
  }
  expect(bucketsOf([['one', 7]])).toEqual([[['one', 7]]]);
  expect(bucketsOf([])).toEqual([]);
});

test.each([
  ['Collective ops is aborted by: Connection reset by peer … remote target /job:worker/replica:0/task:1', true],
  ['Socket closed', true],
  ['OOM when allocating tensor with shape[4096] [[{{node train_8_of_16/40_CollectiveReduceV2}}]]', false],
  ['Shape mismatch in the collective instance 1', false],
])('a message that says %s is of a lost worker: %s', (message, isOfLost) => {
  expect(saysGone(message)).toBe(isOfLost);
});
