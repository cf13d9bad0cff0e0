/** Texts about flags, for help and for `docs/flags.md`. */
import { FLAG_GROUPS } from '../run/settings/setting.ts';
import { type Flag, type Flags, isSwitch } from './flag.ts';

/** A flag or a word in help, e.g. `images to evaluate: test, val or train [default: test]`. */
export function helpText(flag: Omit<Flag, 'group'>): string {
  const usual = defaultText(flag);
  return usual === undefined ? meaningText(flag) : `${meaningText(flag)} [default: ${usual}]`;
}

/** The meaning of a flag, and the words that it takes. */
function meaningText({ describe, values: { choices, all }, list }: Omit<Flag, 'group'>): string {
  if (choices === undefined) return describe;
  const several = `${describe}, with commas between: ${choices.join(', ')}`;
  if (list) return several;
  if (all !== undefined) return `${several}, or ${all} for all`;
  return `${describe}: ${choicesText(choices)}`;
}

/** Several words, of which one is chosen: `test, val or train`. */
export function choicesText(choices: readonly (string | number)[]): string {
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
}

/** The default, or the effect of leaving the flag out; undefined if that needs no word. */
export function defaultText({ default: usual, otherwise }: Pick<Flag, 'default' | 'otherwise'>): string | undefined {
  return usual ?? otherwise;
}

/** Valid values in words; undefined for a switch. */
export function valuesText(flag: Flag): string | undefined {
  if (isSwitch(flag)) return undefined;
  const { values, list, optionalValue } = flag;
  const wanted = values.wantedText ?? values.wanted;
  if (list) return `${wanted}, or several with commas between`;
  return optionalValue ? `${wanted}, or nothing` : wanted;
}

/** Flags by group, in the order of help. */
export function inGroups(flags: Flags): readonly (readonly [name: string, flag: Flag])[] {
  const entries = Object.entries(flags);
  return FLAG_GROUPS.flatMap((group) => entries.filter(([, flag]) => flag.group === group));
}
