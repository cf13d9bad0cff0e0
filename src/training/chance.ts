/** Whether a run has learned anything: its best epoch, held against guessing. */
import type { BestEpoch } from '../checkpoint/progress.ts';
import type { Dataset } from '../dataset/dataset.ts';

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
 * The scores of guessing, if the best epoch is no better: its loss is no lower, or its accuracy is no higher. Within the
 * first steps the loss alone counts.
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
  const counts = new Uint32Array(classes);
  for (const index of validation) counts[labels[index]!]! += 1;
  const chance: Chance = { loss: Math.log(classes), accuracy: Math.max(...counts) / validation.length };
  // Images of one class are all answered rightly by guessing. And where most are of one class, a model that knows the
  // others too may be right less often than one that always answers that class.
  const isAccuracyNoBetter = best.step >= SETTLED_STEPS && best.accuracy <= chance.accuracy && chance.accuracy < 1;
  const { balancedAccuracy = 0 } = best;
  const guessed = 1 / counts.filter((count) => count > 0).length;
  return best.loss >= chance.loss || (isAccuracyNoBetter && balancedAccuracy <= guessed) ? chance : undefined;
}

/**
 * Whether a best epoch that is no better than chance may belong to a sound run, which has only taken too few steps.
 *
 * @param steps steps of the whole run
 */
export function isUnsettled(steps: number, best: BestEpoch, chance: Chance): boolean {
  return steps < SETTLED_STEPS && !isClearlyWorse(best, chance);
}

/** Whether a loss is higher than that of guessing by more than a network's that knows nothing: steps were too large. */
export function isClearlyWorse(best: BestEpoch, chance: Chance): boolean {
  return best.loss >= MOST_UNSETTLED_LOSS * chance.loss;
}
