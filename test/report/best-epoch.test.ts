/** Tests of what is said of the best epoch by the measure that chooses it. */
import { expect, test } from '@jest/globals';
import { bestForms, measureText } from '../../src/report/best-epoch.ts';

const BEST = { loss: 0.1193, accuracy: 0.992, balancedAccuracy: 0.75, macroF1: 0.5 };
const { balancedAccuracy: _, macroF1: __, ...OLDER } = BEST;

test('the live line shows the best epoch by its measure, unless that is the loss or not known', () => {
  expect(bestForms(BEST, 'balanced-accuracy')).toEqual(['best balanced accuracy 75.00 %', 'best 75.00 %']);
  expect([bestForms(BEST, 'loss'), bestForms(OLDER, 'macro-f1'), bestForms(null, 'accuracy')]).toEqual([[], [], []]);
});

test('an epoch of an older version has no figure beside the name of a measure that it lacks', () => {
  const all = ['loss', 'macro-f1'] as const;
  expect(all.map((measure) => measureText(BEST, measure))).toEqual(['loss 0.1193', 'macro F1 50.00 %']);
  expect(all.map((measure) => measureText(OLDER, measure))).toEqual(['loss 0.1193', 'macro F1']);
});
