/** Settings of the library: flags under names in camel case, checked as the command line checks its flags. */
import { ExitCode, UserError } from '../errors.ts';
import type { Flag, Flags } from '../flags/flag.ts';
import { hint, nearestWord } from '../flags/read-flags.ts';
import { printable, printableJson } from '../printable.ts';
import type { ValueKind } from '../value-kinds.ts';

/** Values under the names of flags. */
type Values = Readonly<Record<string, unknown>>;

/** The name of a flag's setting: `batch-size` → `batchSize`. */
export function settingName(flag: string): string {
  return flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Values under the names of settings, from those under the names of flags; undefined ones are left out. */
export function underSettingNames(values: Values): Record<string, unknown> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([flag, value]) => [settingName(flag), value]));
}

/** The inverse of `underSettingNames`. */
export function underFlagNames(settings: object): Record<string, unknown> {
  const flagOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [flagOf(name), value]));
}

/** What settings may hold beside values of flags, and the check of each. */
const BESIDE: Readonly<Record<string, { readonly wanted: string; readonly isValid: (value: unknown) => boolean }>> = {
  signal: { wanted: 'an AbortSignal', isValid: (value) => value instanceof AbortSignal },
  onProgress: { wanted: 'a function', isValid: (value) => typeof value === 'function' },
  onNotice: { wanted: 'a function', isValid: (value) => typeof value === 'function' },
};

/**
 * Checks settings by the rows of their flags.
 *
 * @param beside names of `BESIDE` that the settings may hold too
 * @returns `values`: the value of every flag, its default if it is not given; `given`: only those given. Both are under the
 *   names of flags, as `readFlags` returns them
 * @throws UserError (usage) naming the first setting that is unknown or has a wrong value
 */
export function readSettings(
  flags: Flags,
  settings: unknown,
  beside: readonly string[] = [],
): { values: Record<string, unknown>; given: Record<string, unknown> } {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw new UserError(`settings must be an object, got ${shown(settings)}`, ExitCode.usage);
  }
  const byName = new Map(Object.keys(flags).map((flag) => [settingName(flag), flag]));
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings)) {
    const flag = byName.get(name);
    if (flag !== undefined && value !== undefined) given[flag] = checked(name, flags[flag]!, value);
    if (flag !== undefined) continue;
    if (!beside.includes(name)) throw unknownSetting(name, [...byName.keys(), ...beside]);
    const { wanted, isValid } = BESIDE[name]!;
    if (value !== undefined && !isValid(value)) throw wrong(name, wanted, value);
  }
  const entries = Object.entries(flags).map(([flag, { values, default: usual }]) => {
    return [flag, given[flag] ?? (usual === undefined ? undefined : values.parse(usual))];
  });
  return { values: Object.fromEntries(entries), given };
}

function checked(name: string, { values, list, optionalValue }: Flag, value: unknown): unknown {
  if (optionalValue && typeof value === 'boolean') return value ? {} : undefined;
  if (optionalValue) return checkedValue(name, { ...values, wanted: `true, or ${values.wanted}` }, value);
  if (list && !Array.isArray(value)) throw wrong(name, `an array, each ${values.wanted}`, value);
  if (list) return Array.from(value as unknown[], (each) => checkedValue(`${name}: each`, values, each));
  return checkedValue(name, values, value);
}

/** A copy of a value, or what it stands for where the kind takes another type too: the text `4G`, the number 32 of a side. */
function checkedValue(name: string, values: ValueKind<unknown>, value: unknown): unknown {
  if (values.isValid(value)) return Array.isArray(value) ? [...value] : value;
  const isTaken = values.alsoTakes?.some((type) => type === typeof value);
  const meant = isTaken ? values.parse(String(value)) : undefined;
  if (values.isValid(meant)) return meant;
  const isWord = typeof value !== 'object' && values.all === undefined; // a word of several is no misspelt array
  throw wrong(name, values.wanted, value, isWord ? hint(values, String(value)) : '');
}

function wrong(name: string, wanted: string, value: unknown, advice = ''): UserError {
  return new UserError(`${name} must be ${wanted}, got ${shown(value)}${advice}`, ExitCode.usage);
}

function unknownSetting(name: string, known: readonly string[]): UserError {
  const nearest = nearestWord(name, known);
  const advice = nearest === undefined ? `known are ${known.join(', ')}` : `did you mean ${nearest}?`;
  return new UserError(`there is no setting ${JSON.stringify(name)}; ${advice}`, ExitCode.usage);
}

/** A value as a message shows it, in one line. */
export function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' && typeof value !== 'string') return printable(String(value)); // JSON has no NaN
  try {
    const name = classNameOf(value);
    if (name !== undefined) return `an object of the class ${name}`;
    if (!Array.isArray(value)) return printableJson(value);
    return `[${Array.from(value, (each) => (Array.isArray(each) ? printableJson(each) : shown(each))).join(',')}]`;
  } catch {
    return 'an object that is no JSON';
  }
}

/** The name of an object's class; undefined of what JSON can show. */
function classNameOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && !['Object', ''].includes(name) ? printable(name) : undefined;
}
