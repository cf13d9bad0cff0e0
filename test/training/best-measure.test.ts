/** Which epoch is the best, by each measure. */
import { describe, expect, test } from '@jest/globals';
import { type BestMeasure, improves } from '../../src/training/best-measure.ts';

const BEST = { epoch: 2, step: 20, loss: 0.5, accuracy: 0.9, balancedAccuracy: 0.8, macroF1: 0.7 };
const LATER = { ...BEST, epoch: 3, step: 30 };

const MEASURES = ['loss', 'accuracy', 'balanced-accuracy', 'macro-f1'] as const;

test.each(MEASURES)('by %s, an epoch is the best if none came before it', (measure) => {
  expect(improves(BEST, null, measure)).toBe(true);
});

describe.each<[BestMeasure, keyof typeof BEST]>([
  ['accuracy', 'accuracy'],
  ['balanced-accuracy', 'balancedAccuracy'],
  ['macro-f1', 'macroF1'],
])('by %s, an epoch', (measure, figure) => {
  test('is the best if its figure is higher, whatever the others are', () => {
    const worse = { ...LATER, loss: 9, accuracy: 0.1, balancedAccuracy: 0.1, macroF1: 0.1 };
    expect(improves({ ...worse, [figure]: 0.95 }, BEST, measure)).toBe(true);
  });

  test('is not the best if its figure is lower, whatever the others are', () => {
    const better = { ...LATER, loss: 0.1, accuracy: 1, balancedAccuracy: 1, macroF1: 1 };
    expect(improves({ ...better, [figure]: 0.1 }, BEST, measure)).toBe(false);
  });

  test('is the best with an equal figure if its loss is lower; else the earlier epoch stays', () => {
    expect(improves({ ...LATER, loss: 0.4 }, BEST, measure)).toBe(true);
    expect(improves(LATER, BEST, measure)).toBe(false);
    expect(improves({ ...LATER, loss: 0.6 }, BEST, measure)).toBe(false);
  });
});

test('equal means over classes that rounding tells apart are equal: the lower loss decides', () => {
  const [mean, same] = [(0.1 + 0.2 + 0.3) / 3, (0.3 + 0.2 + 0.1) / 3];
  expect(mean).toBeGreaterThan(same);
  const best = { ...BEST, balancedAccuracy: same };
  expect(improves({ ...LATER, balancedAccuracy: mean, loss: 0.6 }, best, 'balanced-accuracy')).toBe(false);
  expect(
    improves({ ...LATER, balancedAccuracy: same, loss: 0.4 }, { ...best, balancedAccuracy: mean }, 'balanced-accuracy'),
  ).toBe(true);
});

describe('by the loss, an epoch', () => {
  test('is the best if its loss is lower, whatever its accuracy', () => {
    expect(improves({ ...LATER, loss: 0.4, accuracy: 0.8 }, BEST, 'loss')).toBe(true);
  });

  test('is not the best if its loss is higher, whatever its accuracy, or equal', () => {
    expect(improves({ ...LATER, loss: 0.6, accuracy: 1 }, BEST, 'loss')).toBe(false);
    expect(improves({ ...LATER, accuracy: 1 }, BEST, 'loss')).toBe(false);
  });
});

test.each(MEASURES)('by %s, an epoch that is trained again after a kill replaces itself', (measure) => {
  expect(improves({ ...BEST }, BEST, measure)).toBe(true);
  expect(improves({ ...BEST, loss: 0.6, accuracy: 0.5, balancedAccuracy: 0.5, macroF1: 0.5 }, BEST, measure)).toBe(
    false,
  );
});

test('a best whose figure is unknown, as in files of older versions, is replaced', () => {
  const { balancedAccuracy: _, macroF1: __, ...older } = BEST;
  const worse = { ...LATER, loss: 9, accuracy: 0.1, balancedAccuracy: 0.1, macroF1: 0.1 };
  const replaces = (measure: BestMeasure) => improves(worse, older, measure);
  expect(MEASURES.map(replaces)).toEqual([false, false, true, true]);
});
