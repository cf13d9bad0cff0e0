/** Flags of settings, made from the rows of `SETTINGS`. */
import { DEFAULT_RECIPE, defaultOf, RECIPES } from '../../run/recipes.ts';
import { type AnySetting, type RunSettings, SETTING_ENTRIES } from '../../run/settings.ts';
import type { Flag, Flags } from './flag.ts';

/** The flag of a setting in a command that has no recipes: its default is the setting's. */
export function settingFlag({ group, describe, values, default: usual }: AnySetting): Flag {
  const shown = textOf(usual);
  return { group, describe, values, ...(shown === undefined ? {} : { default: shown }) };
}

/** All settings as flags of `train`, the recipe first, since it gives others their defaults. */
export function trainSettingFlags(): Flags {
  const entries = SETTING_ENTRIES.map(([name, { flag, group, describe, values, otherwise }]) => {
    // No `default`: what the user leaves out, the recipe gives to a new run and the checkpoint to a resumed one.
    return [flag, { group, describe, values, otherwise: defaultText(name) ?? otherwise }] as const;
  });
  const { recipe, ...others } = Object.fromEntries<Flag>(entries);
  return recipe ? { recipe, ...others } : others;
}

/** The default of a new run, e.g. `64 (recipe fast)`; undefined if there is none. */
function defaultText(name: keyof RunSettings): string | undefined {
  const text = textOf(defaultOf(name, DEFAULT_RECIPE));
  return name in RECIPES[DEFAULT_RECIPE] ? `${text} (recipe ${DEFAULT_RECIPE})` : text;
}

/** A value as a user would type it; undefined for a switch that is off, which is not typed. */
export function textOf(value: unknown): string | undefined {
  return value === undefined || value === false ? undefined : String(value);
}
