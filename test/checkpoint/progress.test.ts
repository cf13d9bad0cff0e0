import { describe, expect, test } from '@jest/globals';
import { improves, type Progress, progress } from '../../src/checkpoint/progress.ts';
import { PROGRESS } from './example.ts';

describe('an epoch is the best', () => {
  const best = { epoch: 2, step: 20, loss: 0.5, accuracy: 0.9 };

  test('if there is none before it', () => {
    expect(improves(best, null)).toBe(true);
  });

  test('if its loss is lower, whatever its accuracy', () => {
    expect(improves({ epoch: 3, step: 30, loss: 0.4, accuracy: 0.8 }, best)).toBe(true);
  });

  test('not if its loss is higher, whatever its accuracy', () => {
    expect(improves({ epoch: 3, step: 30, loss: 0.6, accuracy: 1 }, best)).toBe(false);
  });

  test('not if its loss is equal: the earlier one stays', () => {
    expect(improves({ ...best, epoch: 3, step: 30 }, best)).toBe(false);
  });

  test('if it is that very epoch, trained again after a kill', () => {
    expect(improves({ ...best }, best)).toBe(true);
    expect(improves({ ...best, loss: 0.6 }, best)).toBe(false);
  });
});

describe('a place that no run can be at is refused, its part named, though every number alone is right', () => {
  const checked = (changes: Partial<Progress>) =>
    progress({ ...PROGRESS, ...changes }, 'progress', (field, problem) => {
      throw new Error(`${field}: ${problem}`);
    });

  test('one that there can be is returned', () => {
    expect(checked({})).toEqual(PROGRESS);
  });

  test.each<[string, Partial<Progress>]>([
    ['step', { step: 4 }],
    ['sums.images', { batch: 0 }],
    ['sums.images', { sums: { images: 2, lossSum: 1, hits: 1 } }],
    ['sums.hits', { sums: { images: 384, lossSum: 1, hits: 385 } }],
    ['sums.lossSum', { sums: { images: 384, lossSum: -1, hits: 1 } }],
    ['sums.lossSum', { batch: 0, sums: { images: 0, lossSum: 1, hits: 0 } }],
    ['best', { best: { epoch: 3, step: 430, loss: 0.5, accuracy: 0.5 } }],
    ['best', { best: { epoch: 1, step: 861, loss: 0.5, accuracy: 0.5 } }],
    ['epochs', { epochs: 2 ** 53 - 1 }],
  ])('%s: %j', (field, changes) => {
    expect(() => checked(changes)).toThrow(`progress.${field}: `);
  });
});
