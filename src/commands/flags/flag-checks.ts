/** From a flag's text to its value. */
import { closestMatch } from 'leven';
import { ExitCode, UserError } from '../../errors.ts';
import { TAKEN_NAMES } from '../../run/folder/run-files.ts';

/** Turns a flag's text into its value, or throws a usage error that names the flag and quotes the text. */
export type Check = (name: string, text: string) => unknown;

/** A switch has no type for yargs, which would take any word behind a boolean's `=` for `false`. */
export const isSwitchedOn: Check = (name, text) => {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new UserError(
    `--${name} is a switch: it takes no value (but true or false), got ${JSON.stringify(text)}`,
    ExitCode.usage,
  );
};

/** Whole number from `least` to `most`. */
export const whole =
  (least: number, most = Number.MAX_SAFE_INTEGER): Check =>
  (name, text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw badValue(name, `a whole number ${range}`, text);
  };

export const positive: Check = (name, text) => {
  const value = Number(text);
  const single = Math.fround(value); // what TensorFlow computes with
  if (text.trim() !== '' && Number.isFinite(single) && single > 0) return value;
  throw badValue(name, 'a number above 0, within single precision', text);
};

const decimal =
  (wanted: string, holds: (value: number) => boolean): Check =>
  (name, text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && holds(value)) return value;
    throw badValue(name, wanted, text);
  };

export const notNegative = decimal('a number of at least 0', (value) => value >= 0);
export const below1 = decimal('a number from 0 to below 1', (value) => value >= 0 && value < 1);

export const twoBelow1: Check = (name, text) => {
  const values = text.split(',').map((word) => (word.trim() === '' ? Number.NaN : Number(word)));
  if (values.length === 2 && values.every((value) => value >= 0 && value < 1)) return values;
  throw badValue(name, 'two numbers from 0 to below 1 with a comma between', text);
};

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** In seconds. */
export const timeSpan: Check = (name, text) => {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)([smh])?$/.exec(text) ?? [];
  const seconds = Number(digits) * (SECONDS[unit] ?? Number.NaN);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw badValue(name, 'a time above 0 in seconds, or with s, m or h behind it, like 90s or 10m', text);
};

export const oneOf =
  (choices: readonly string[]): Check =>
  (name, text) => {
    if (choices.includes(text)) return text;
    const nearest = closestMatch(text, [...choices], { maxDistance: 3 });
    throw badValue(name, `one of ${choices.join(', ')}`, text, nearest && `; did you mean ${nearest}?`);
  };

/** A mistaken number's nearest is the one of the nearest value. */
export const oneOfNumbers =
  (choices: readonly number[]): Check =>
  (name, text) => {
    const value = choices.find((choice) => String(choice) === text);
    if (value !== undefined) return value;
    const given = Number.parseFloat(text);
    const [nearest] = choices.toSorted((a, b) => Math.abs(a - given) - Math.abs(b - given));
    const hint = Number.isFinite(given) ? `; did you mean ${nearest}?` : '';
    throw badValue(name, `one of ${choices.join(', ')}`, text, hint);
  };

export const listOf =
  (choices: readonly string[]): Check =>
  (name, text) =>
    text.split(',').map((word) => oneOf(choices)(name, word.trim()));

export const path: Check = (name, text) => {
  if (text !== '') return text;
  throw badValue(name, 'a path', text);
};

/** One of the paths that stand without a flag. */
export const pathOfMany: Check = (name, text) => {
  if (text !== '') return text;
  throw new UserError(`${name}: each must be a path, got ""`, ExitCode.usage);
};

/** One part of a path: the name of a folder among others, and of nothing that a run has a use for. */
export const runName: Check = (name, text) => {
  const isOnePart = text !== '' && text !== '.' && text !== '..' && !/[/\p{Cc}]/u.test(text);
  if (isOnePart && !TAKEN_NAMES.includes(text)) return text;
  throw badValue(name, "a folder's name: no path, and none that a run's folder has a use for itself", text);
};

/** A path, in an object that is empty where the flag stands alone. */
export const pathOrNothing: Check = (name, text) => ({ path: path(name, text) });

export const inputShape: Check = (name, text) => {
  const sides = text.split('x').map((side) => (/^\d+$/.test(side) ? Number(side) : 0));
  const [channels, height, width, ...rest] = sides;
  if (channels && height && width && rest.length === 0 && sides.every((side) => side <= 65_536)) {
    return [channels, height, width];
  }
  throw badValue(name, 'channels × height × width, each from 1 to 65536, like 1x224x224', text);
};

function badValue(name: string, wanted: string, text: string, hint = ''): UserError {
  return new UserError(`--${name} must be ${wanted}, got ${JSON.stringify(text)}${hint}`, ExitCode.usage);
}
