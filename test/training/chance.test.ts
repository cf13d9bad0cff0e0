/** When a run's best epoch is no better than guessing. */
import { expect, test } from '@jest/globals';
import { chanceOf, isClearlyWorse, isUnsettled } from '../../src/training/chance.ts';

/** Ten images, of which four are of class 1. */
const labels = Uint8Array.of(0, 1, 1, 1, 1, 2, 3, 4, 5, 9);
const all = Int32Array.from(labels.keys());
const CHANCE = { loss: Math.log(10), accuracy: 0.4 };

const judged = (step: number, loss: number, accuracy: number) =>
  chanceOf({ epoch: 1, step, loss, accuracy }, { labels }, all, 10);

test.each<[string, step: number, loss: number, accuracy: number, expected: typeof CHANCE | undefined]>([
  [
    'a loss below that of equal probabilities, and an accuracy above the most frequent class',
    1000,
    2.2,
    0.5,
    undefined,
  ],
  ['the loss of equal probabilities', 1000, Math.log(10), 0.9, CHANCE],
  ['the accuracy of always answering the most frequent class', 1000, 0.5, 0.4, CHANCE],
  ['an enormous loss after a few steps', 4, 4.7e9, 0.1, CHANCE],
  ['a loss like guessing’s after a few steps', 4, 2.32, 0.1, CHANCE],
  ['an accuracy like guessing’s after a few steps, as any network has before it has settled', 4, 2.2, 0.4, undefined],
])('%s', (_, step, loss, accuracy, expected) => {
  expect(judged(step, loss, accuracy)).toEqual(expected);
});

test('an accuracy below the most frequent class is no reason if all classes together are known better than guessed', () => {
  const unequal = { labels: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1) };
  const best = { epoch: 1, step: 1000, loss: 0.5, accuracy: 0.7 };
  const judgedBy = (balancedAccuracy: number) => chanceOf({ ...best, balancedAccuracy }, unequal, all, 2);
  expect(judgedBy(0.8)).toBeUndefined();
  expect(judgedBy(0.5)).toEqual({ loss: Math.log(2), accuracy: 0.8 });
});

test('images of one class are no reason: guessing answers all of them', () => {
  const best = { epoch: 1, step: 1000, loss: 0.1, accuracy: 1 };
  expect(chanceOf(best, { labels }, Int32Array.of(1, 2, 3), 10)).toBeUndefined();
});

test.each([
  ['a few steps, and a loss like guessing’s', 4, 2.32, true, false],
  ['many steps, and a loss like guessing’s', 1000, 2.32, false, false],
  ['a few steps, and an enormous loss', 4, 4.7e9, false, true],
])('whether the run is only young, or its steps were too large: %s', (_, steps, loss, young, worse) => {
  const best = { epoch: 1, step: 4, loss, accuracy: 0.1 };
  expect([isUnsettled(steps, best, CHANCE), isClearlyWorse(best, CHANCE)]).toEqual([young, worse]);
});
