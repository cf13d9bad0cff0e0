/** Flags of settings, made from the rows of `SETTINGS`. */
import { DEFAULT_RECIPE, defaultOf } from '../run/recipes.ts';
import { type AnySetting, RECIPE_NAMES, type RecipeName, type RunSettings, SETTING_ENTRIES } from '../run/settings.ts';
import type { Flag, Flags } from './flag.ts';

/** The flag of a setting in a command that has no recipes: its default is the setting's. */
export function settingFlag({ group, describe, values, default: usual, otherwise }: AnySetting): Flag {
  const shown = textOf(usual);
  const effect = otherwise === undefined ? {} : { otherwise };
  return { group, describe, values, ...(shown === undefined ? effect : { default: shown }) };
}

/** All settings as flags of `train`, the recipe first, since it gives others their defaults. */
export function trainSettingFlags(): Flags {
  const entries = SETTING_ENTRIES.map(([name, { flag, group, describe, values, otherwise }]) => {
    // No `default`: what the user leaves out, the recipe gives to a new run and the checkpoint to a resumed one.
    return [flag, { group, describe, values, otherwise: defaultInRecipes(name, otherwise) }] as const;
  });
  const { recipe, ...others } = Object.fromEntries<Flag>(entries);
  return recipe ? { recipe, ...others } : others;
}

/**
 * The default of a new run; where recipes differ, each value with its recipes, e.g.
 * `64 (fast), 128 (lesson, best, sprint)`, that of the default recipe first. Undefined if there is none.
 */
function defaultInRecipes(name: keyof RunSettings, otherwise: string | undefined): string | undefined {
  const textIn = (recipe: RecipeName) => textOf(defaultOf(name, recipe)) ?? otherwise;
  const recipesByText = new Map([[textIn(DEFAULT_RECIPE), [] as RecipeName[]]]);
  for (const recipe of name === 'recipe' ? [DEFAULT_RECIPE] : RECIPE_NAMES) {
    const text = textIn(recipe);
    recipesByText.set(text, [...(recipesByText.get(text) ?? []), recipe]);
  }
  if (recipesByText.size === 1) return textIn(DEFAULT_RECIPE);
  return [...recipesByText].map(([text, recipes]) => `${text} (${recipes.join(', ')})`).join(', ');
}

/** A value as a user would type it; undefined for a switch that is off, which is not typed. */
export function textOf(value: unknown): string | undefined {
  return value === undefined || value === false ? undefined : String(value);
}
