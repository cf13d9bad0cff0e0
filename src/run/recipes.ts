/** Named sets of settings. A flag that is given goes before its recipe's. */
import { type RecipeName, type RunSettings, SETTINGS, settingsOf } from './settings.ts';

export const DEFAULT_RECIPE: RecipeName = 'fast';

/** What a recipe says of how a network learns. */
export const LEARNING_SETTINGS = [
  'epochs',
  'batchSize',
  'learningRate',
  'schedule',
  'warmup',
  'augment',
  'weightDecay',
  'betas',
  'epsilon',
  'clipNorm',
  'labelSmoothing',
  'ema',
] as const satisfies (keyof RunSettings)[];

/** Some it must say; and it may choose a network that learns more in its time. */
export type Recipe = Pick<RunSettings, 'epochs' | 'batchSize' | 'learningRate' | 'schedule'> &
  Partial<Pick<RunSettings, (typeof LEARNING_SETTINGS)[number] | 'width' | 'stem'>>;

/** Chosen by the validation images alone; `bench/recipes` measures them, README has the results. */
export const RECIPES: Readonly<Record<RecipeName, Recipe>> = {
  /** The original's own. */
  lesson: { epochs: 2, batchSize: 128, learningRate: 0.001, schedule: 'constant' },
  /** The best accuracy at two epochs. */
  fast: {
    ...{ epochs: 2, batchSize: 64, learningRate: 0.001, schedule: 'one-cycle' },
    ...{ augment: 'shift', betas: [0.9, 0.99], labelSmoothing: 0.1 },
  },
  /**
   * The best accuracy within ten minutes on two cores: a quarter of the width, but the digits at their full resolution,
   * where the ImageNet stem leaves 7×7 places of 28×28 pixels to the first block.
   */
  best: {
    ...{ stem: 'cifar', width: 16, epochs: 6, batchSize: 128, learningRate: 0.006, schedule: 'one-cycle' },
    ...{ warmup: 0.5, augment: 'affine', weightDecay: 0.05, labelSmoothing: 0.1 },
  },
  /** The shortest to 99 %. */
  sprint: {
    ...{ width: 24, epochs: 2, batchSize: 128, learningRate: 0.006, schedule: 'one-cycle' },
    ...{ warmup: 0.3, weightDecay: 0.05 },
  },
};

/**
 * All settings of a new run: those that were given, else its recipe's, else the flags' defaults.
 *
 * @returns in the order in which a checkpoint's are read: of a run that never stopped its bytes are to be the same
 */
export function resolveSettings(
  flags: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
): Partial<RunSettings> {
  const defaults = settingsOf(flags);
  const said = { ...defaults, ...(defaults.recipe ? RECIPES[defaults.recipe] : {}), ...settingsOf(given) };
  const names = Object.keys(SETTINGS) as (keyof RunSettings)[];
  return Object.fromEntries(names.flatMap((name) => (said[name] === undefined ? [] : [[name, said[name]]])));
}
