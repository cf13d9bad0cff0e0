/** Recipes: named sets of settings. A setting that the user gives takes the place of its recipe's. */
import { HYPERPARAMETER_NAMES } from '../engine/hyperparameters.ts';
import { BODY_PARTS } from '../net/parts.ts';
import { type GivenSettings, type RecipeName, type RunSettings, SETTING_ENTRIES, SETTINGS } from './settings.ts';

/** The recipe of a run whose user names none. */
export const DEFAULT_RECIPE: RecipeName = 'fast';

/** The learning settings that a recipe may give, in the order in which a run prints them. */
export const RECIPE_SETTINGS = [
  ...(['epochs', 'batchSize', 'learningRate', 'schedule', 'warmup', 'augment'] as const),
  ...HYPERPARAMETER_NAMES,
  ...(['freeze', 'thawAt'] as const),
] as const satisfies (keyof RunSettings)[];

/** Settings of a recipe: four that every recipe gives, and any other learning setting, width or stem. */
export type Recipe = Pick<RunSettings, 'epochs' | 'batchSize' | 'learningRate' | 'schedule'> &
  Partial<Pick<RunSettings, (typeof RECIPE_SETTINGS)[number] | 'width'>> &
  Pick<GivenSettings, 'stem'>;

/**
 * The recipes. Their settings were chosen by the validation images alone, but for `photo`; `bench/recipes` measures them,
 * and `docs/measurements.md` has the results.
 */
export const RECIPES: Readonly<Record<RecipeName, Recipe>> = {
  /** The lesson's own settings. */
  lesson: { epochs: 2, batchSize: 128, learningRate: 0.001, schedule: 'constant' },
  /** The best accuracy at two epochs. */
  fast: {
    ...{ epochs: 2, batchSize: 64, learningRate: 0.001, schedule: 'one-cycle' },
    ...{ augment: 'shift', betas: [0.9, 0.99], labelSmoothing: 0.1 },
  },
  /**
   * The best accuracy within ten minutes on two cores: a quarter of the width, but the digits at their full resolution.
   * The ImageNet stem would leave 7×7 places of their 28×28 pixels to the first block.
   */
  best: {
    ...{ stem: 'cifar', width: 16, epochs: 6, batchSize: 128, learningRate: 0.006, schedule: 'one-cycle' },
    ...{ warmup: 0.5, augment: 'affine', weightDecay: 0.05, labelSmoothing: 0.1 },
  },
  /** The shortest time to an accuracy of 99 %. */
  sprint: {
    ...{ width: 24, epochs: 2, batchSize: 128, learningRate: 0.006, schedule: 'one-cycle' },
    ...{ warmup: 0.3, weightDecay: 0.05 },
  },
  /**
   * Photographs, from random weights, by usual values that were not measured here: AdamW with a decay of 0.05 (Touvron et
   * al. 2021; Liu et al. 2022) and Adam's own rate as the peak of a cycle (Smith & Topin 2018), smoothed labels (Szegedy
   * et al. 2016), and crops, flips and colours. The stem depends on the size of the images.
   */
  photo: {
    ...{ stem: undefined, epochs: 30, batchSize: 64, learningRate: 0.001, schedule: 'one-cycle' },
    ...{ augment: 'photo', weightDecay: 0.05, labelSmoothing: 0.1 },
  },
  /** From the weights of `--init`: first a new head alone, then everything, the body more slowly. */
  finetune: {
    ...{ epochs: 6, batchSize: 32, learningRate: 0.003, schedule: 'one-cycle' },
    ...{ labelSmoothing: 0.1, bodyRate: 0.3, freeze: BODY_PARTS, thawAt: 2 },
  },
};

/** The recipe that begins with the weights of a checkpoint. */
export const FINE_TUNING: RecipeName = 'finetune';
/** The recipe for photographs. */
export const PHOTOGRAPHS: RecipeName = 'photo';

/** Value of a setting in a new run whose user gives none; undefined if the setting then has no value. */
export function defaultOf(name: keyof RunSettings, recipe: RecipeName): unknown {
  return resolveSettings({ recipe })[name] ?? (leavesToData(recipe, name) ? undefined : SETTINGS[name].default);
}

/** Whether a recipe has the data decide a setting that otherwise has a default. */
function leavesToData(recipe: RecipeName, name: keyof RunSettings): boolean {
  const settings: Partial<RunSettings> = RECIPES[recipe];
  return Object.hasOwn(settings, name) && settings[name] === undefined;
}

/**
 * All settings of a new run that do not depend on its data: each is the user's, else the recipe's, else the default of a
 * setting that every run has.
 *
 * @returns in the order of `SETTINGS`
 */
export function resolveSettings(given: Partial<RunSettings>): GivenSettings {
  const recipe = given.recipe ?? DEFAULT_RECIPE;
  const chosen: Partial<RunSettings> = { ...RECIPES[recipe], ...given, recipe };
  const entries = SETTING_ENTRIES.flatMap(([name, { default: value, optional }]) => {
    const setting = chosen[name] ?? (optional || leavesToData(recipe, name) ? undefined : value);
    return setting === undefined ? [] : [[name, setting]];
  });
  return Object.fromEntries(entries);
}
