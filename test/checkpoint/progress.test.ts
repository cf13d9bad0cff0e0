/** Tests of a run's position: which are possible, and how they are stored. */
import { describe, expect, test } from '@jest/globals';
import { type Progress, progress, type StoredProgress, storedProgress } from '../../src/checkpoint/progress.ts';
import { PROGRESS } from './example.ts';

describe('a stored position', () => {
  const checked = (changes: Partial<StoredProgress>) =>
    progress({ ...storedProgress(PROGRESS), ...changes }, 'progress', (field, problem) => {
      throw new Error(`${field}: ${problem}`);
    });

  test('is accepted if a run can be at it', () => {
    expect(checked({})).toEqual(PROGRESS);
  });

  test.each<[string, Partial<StoredProgress>]>([
    ['step', { step: 4 }],
    ['sums.images', { batch: 0 }],
    ['sums.images', { sums: { images: 2, lossSum: 1, hits: 1 } }],
    ['sums.hits', { sums: { images: 384, lossSum: 1, hits: 385 } }],
    ['sums.lossSum', { sums: { images: 384, lossSum: -1, hits: 1 } }],
    ['sums.lossSum', { batch: 0, sums: { images: 0, lossSum: 1, hits: 0 } }],
    ['best', { best: { epoch: 3, step: 430, loss: 0.5, accuracy: 0.5 } }],
    ['best', { best: { epoch: 1, step: 861, loss: 0.5, accuracy: 0.5 } }],
    ['best.macroF1', { best: { epoch: 1, step: 430, loss: 0.5, accuracy: 0.5, macroF1: 1.5 } }],
    ['epochs', { epochs: 2 ** 53 - 1 }],
    ['frozen.parts', { frozen: { parts: [], steps: 1 } }],
    ['frozen.steps', { frozen: { parts: ['stem'], steps: -1 } }],
    ['frozen.steps', { frozen: { parts: ['stem'], steps: 860 } }],
    ['frozen.decayed', { frozen: { parts: ['stem'], steps: 0, decayed: 0.5 } }],
    ['frozen.decayed', { frozen: { parts: ['stem'], steps: 5, decayed: 1.5 } }],
    ['frozen.averagedDecayed', { frozen: { parts: ['stem'], steps: 5, averagedDecayed: 0.5 } }],
  ])('is refused with the name %s if no run can be at it: %j', (field, changes) => {
    expect(() => checked(changes)).toThrow(`progress.${field}: `);
  });
});

test('progress is stored under the field names of the file format, and read back under those of the code', () => {
  const place: Progress = {
    ...{ ...PROGRESS, deadWeightScale: 0.5, averaged: { deadWeightScale: 0.75 } },
    frozen: { parts: ['stem', 'stage1'], steps: 7, deadWeightScale: 0.25, averagedDeadWeightScale: 0.125 },
  };
  const stored = storedProgress(place);
  expect(JSON.parse(JSON.stringify(stored))).toEqual({
    ...{ epochs: 2, step: 860, batch: 3, sums: { images: 384, lossSum: 12.5, hits: 380 } },
    ...{ decayed: 0.5, averaged: { decayed: 0.75 } },
    frozen: { parts: ['stem', 'stage1'], steps: 7, decayed: 0.25, averagedDecayed: 0.125 },
    ...{ shuffle: [1, -2, 3, -4], augmentation: [5, 6, -7, 8] },
    best: { epoch: 1, step: 430, loss: 0.0625, accuracy: 0.98 },
  });
  expect(
    progress(stored, 'progress', (field) => {
      throw new Error(field);
    }),
  ).toEqual(place);
});

test('a best epoch keeps its means over classes, and one of an older version has none', () => {
  const best = { epoch: 1, step: 430, loss: 0.0625, accuracy: 0.98, balancedAccuracy: 0.5, macroF1: 0.25 };
  const read = (position: Progress) =>
    progress(JSON.parse(JSON.stringify(storedProgress(position))), 'progress', (field) => {
      throw new Error(field);
    });
  expect(read({ ...PROGRESS, best }).best).toEqual(best);
  expect(JSON.stringify(read({ ...PROGRESS, best }).best)).toBe(JSON.stringify(best));
  expect(read(PROGRESS).best).toEqual(PROGRESS.best);
});

test('a position is stored as the same bytes in whatever order its fields were put together', () => {
  const reversed = Object.fromEntries(Object.entries(PROGRESS).reverse()) as unknown as Progress;
  const text = JSON.stringify(storedProgress(PROGRESS));
  expect(JSON.stringify(storedProgress(reversed))).toBe(text);
  expect(text).toMatch(/^\{"epochs":.*"step":.*"shuffle":.*"augmentation":.*"best":.*"batch":.*"sums":.*\}$/);
});
