/** Checks for values from an untrusted file: each returns the typed value, or fails with the name of the field. */
import { pixelDeviation as deviationKind, pixelMean as meanKind } from '../value-kinds.ts';
import { quote } from './quote.ts';

/** Throws an error that names a field and says what is wrong with it. */
export type Fail = (field: string, problem: string) => never;

/** Returns a value as a `T`, or fails with the name of its field. */
export type Check<T> = (value: unknown, field: string, fail: Fail) => T;

/**
 * A check that a value is of a kind.
 *
 * @param expected describes the wanted values in messages: `expected …, got …`
 */
export function kind<T>(expected: string, matches: (value: unknown) => value is T): Check<T> {
  return (value, field, fail) => {
    if (matches(value)) return value;
    return fail(
      field,
      value === undefined ? `is missing, expected ${expected}` : `expected ${expected}, got ${quote(value)}`,
    );
  };
}

export const text = kind('text', (value) => typeof value === 'string');
export const sha256 = kind(
  '64 hexadecimal digits',
  (value): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
);
export const finite = number('a finite number', Number.isFinite);
export const pixelMean = number(meanKind.wanted, meanKind.isValid);
export const pixelDeviation = number(deviationKind.wanted, deviationKind.isValid);
export const atLeast0 = number('a number of at least 0', (value) => Number.isFinite(value) && value >= 0);
export const above0 = number('a number above 0', (value) => Number.isFinite(value) && value > 0);
export const fraction = number('a number from 0 to 1', (value) => value >= 0 && value <= 1);
export const natural = number('an integer of at least 0', (value) => Number.isSafeInteger(value) && value >= 0);
/** A count of steps, epochs or images. The limit is far above any run, and far below 2⁵³, so that sums stay exact. */
export const counter = number(
  'an integer from 0 to 2^40',
  (value) => Number.isSafeInteger(value) && value >= 0 && value <= 2 ** 40,
);
export const integer32 = number('a signed 32-bit integer', (value) => value === (value | 0));
export const boolean = kind('true or false', (value) => typeof value === 'boolean');
export const positive = number('an integer of at least 1', (value) => Number.isSafeInteger(value) && value >= 1);

/**
 * A check that a value is a list.
 *
 * @param length number of items that the list must have; default: any number
 */
export function list<T>(item: Check<T>, length?: number): Check<T[]> {
  const array = kind(
    length === undefined ? 'a list' : `a list of ${length}`,
    (value): value is unknown[] => Array.isArray(value) && (length === undefined || value.length === length),
  );
  return (value, field, fail) => array(value, field, fail).map((each, i) => item(each, `${field}[${i}]`, fail));
}

/** A check that accepts one value, or a list with one for each channel. */
export function oneOrEach<T>(check: Check<T>): Check<T | T[]> {
  const each = list(check);
  return (value, field, fail) => (Array.isArray(value) ? each : check)(value, field, fail);
}

/**
 * A check that accepts a missing field.
 *
 * @param absent the value of a missing field
 */
export function orElse<T>(absent: T, check: Check<T>): Check<T> {
  return (value, field, fail) => (value === undefined ? absent : check(value, field, fail));
}

/** A check that accepts null. */
export function nullable<T>(check: Check<T>): Check<T | null> {
  return (value, field, fail) => (value === null ? null : check(value, field, fail));
}

/** An object with these fields; other fields are ignored. */
export function record<T>(checks: { readonly [Key in keyof T]: Check<T[Key]> }): Check<T> {
  return (value, field, fail) => {
    const found = object(value, field, fail);
    const entries = Object.entries<Check<unknown>>(checks);
    return Object.fromEntries(entries.map(([key, check]) => [key, check(found[key], `${field}.${key}`, fail)])) as T;
  };
}

/** A check that a value is an object, not an array. */
export const object = kind(
  'an object',
  (value): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** A check that a value is a number for which `holds` is true. */
function number(expected: string, holds: (value: number) => boolean): Check<number> {
  return kind(expected, (value): value is number => typeof value === 'number' && holds(value));
}
