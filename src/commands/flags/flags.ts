/** What a flag is, and from the words of a command line to the flags' values: checked before any work starts. */
import type { Options } from 'yargs';
import { ExitCode, UserError } from '../../errors.ts';
import { type Check, isSwitchedOn } from './flag-checks.ts';

export interface Flag {
  readonly describe: string;
  /** Absent for a switch, which takes no value. */
  readonly check?: Check;
  /** May also be given without its value, and is then an empty object; `check` puts the value into one. */
  readonly optionalValue?: boolean;
  /** Only of words without a flag, the last of them: there may be several and must be one; its value is an array. */
  readonly several?: boolean;
  /** As one would type it. */
  readonly default?: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** What yargs needs to know of the flags to parse and describe them; values and defaults are put in by `readFlags`. */
export function yargsOptions(flags: Flags): Record<string, Options> {
  return mapValues(flags, ({ describe, default: text, ...flag }) => {
    return { describe, defaultDescription: text, ...(needsValue(flag) ? { nargs: 1 } : {}) };
  });
}

/** The same for yargs's parser alone. */
export function parserOptions(flags: Flags) {
  // Only flags with a value are named: an entry of 0 or undefined would make the parser drop a switch.
  const withValues = Object.entries(flags).filter(([, flag]) => needsValue(flag));
  return {
    narg: Object.fromEntries(withValues.map(([name]) => [name, 1])),
    configuration: {
      'boolean-negation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
      'duplicate-arguments-array': false,
      'camel-case-expansion': false,
    },
  };
}

/** Whether a word behind the flag is its value. */
export function takesValue(flag: Pick<Flag, 'check'> | undefined): boolean {
  return flag?.check !== undefined;
}

function needsValue(flag: Pick<Flag, 'check' | 'optionalValue'>): boolean {
  return takesValue(flag) && !flag.optionalValue;
}

/** The flags that the user gave, their values checked; the others are absent. */
export type GivenFlags = Readonly<Record<string, unknown>>;

/**
 * The checked values of what yargs parsed.
 *
 * @returns every flag's value, its default where it was not given; and those alone that were given
 * @throws UserError (usage) naming the first flag whose value is wrong, and quoting that value
 */
export function readFlags(
  flags: Flags,
  parsed: Readonly<Record<string, unknown>>,
): { values: Record<string, unknown>; given: GivenFlags } {
  const values = mapValues(flags, ({ check = isSwitchedOn, optionalValue, several, default: text }, name) => {
    const written = parsed[name] ?? text;
    if (several) return atLeastOne(name, [written ?? []].flat()).map((word) => check(name, String(word)));
    if (written === true && optionalValue) return {}; // it stands alone: what a user wrote is a text, `true` as well
    return written === undefined ? undefined : check(name, String(written));
  });
  const given = Object.fromEntries(Object.entries(values).filter(([name]) => parsed[name] !== undefined));
  return { values, given };
}

function atLeastOne<T>(name: string, words: readonly T[]): readonly T[] {
  if (words.length > 0) return words;
  throw new UserError(`${name}: at least one is needed; see --help`, ExitCode.usage);
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

/** The words of a command line, sorted. */
export interface ParsedCommand {
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Tells the user at once of what went wrong, for a command that goes on all the same: the exit code will be the error's. */
export type ReportError = (error: unknown) => void;
