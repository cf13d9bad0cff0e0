/** Whether a run has learned anything: its best epoch, held against guessing. */
import type { BestEpoch } from '../checkpoint/progress.ts';
import type { Dataset } from '../dataset/source.ts';

/** Scores of guessing on the validation images. */
export interface Chance {
  /** Cross-entropy of giving every class the same probability (nats): the logarithm of the number of classes. */
  readonly loss: number;
  /** Accuracy of always answering the most frequent class, 0 to 1. */
  readonly accuracy: number;
}

/**
 * Steps after which the running statistics of batch norm are those of the data: the initial values weigh 0.9^44 < 1 %.
 * Before that, a sound network validates like one that guesses.
 */
const SETTLED_STEPS = 44;

/** The validation loss of a network that has not settled, as a multiple of guessing's; measured are at most 1.01. */
const MOST_UNSETTLED_LOSS = 1.1;

/**
 * The scores of guessing, if the best epoch is no better: its loss is no lower, or its accuracy is no higher. An epoch
 * within the first steps is only held against guessing if it is clearly worse.
 *
 * @param validation indices of the validation images
 * @returns undefined if the best epoch is better
 */
export function chanceOf(
  best: BestEpoch,
  { labels }: Pick<Dataset, 'labels'>,
  validation: Int32Array,
  classes: number,
): Chance | undefined {
  const counts = new Uint32Array(256); // a label is one byte
  for (const index of validation) counts[labels[index]!]! += 1;
  const chance: Chance = { loss: Math.log(classes), accuracy: Math.max(...counts) / validation.length };
  const isSettled = best.step >= SETTLED_STEPS;
  const isLossNoBetter = best.loss >= chance.loss * (isSettled ? 1 : MOST_UNSETTLED_LOSS);
  // Images of one class are all answered rightly by guessing.
  const isAccuracyNoBetter = isSettled && best.accuracy <= chance.accuracy && chance.accuracy < 1;
  return isLossNoBetter || isAccuracyNoBetter ? chance : undefined;
}
