/** Kinds of values: each says once which values are valid, for the text of a flag and for the JSON of a checkpoint. */

/** A kind of values: which are valid, in words and in code. */
export interface ValueKind<T> {
  /** The valid values in words, e.g. `a whole number from 1 to 1024`. */
  readonly wanted: string;
  /** Valid texts in words, where a flag's text is written differently from the value: `90s` is 90. */
  readonly wantedText?: string;
  /** Every valid value, where they are few; with `all`, every part of one. */
  readonly choices?: readonly (string | number)[];
  /** A word for all of `choices` together, where a text may have several of them with commas between. */
  readonly all?: string;
  /** Words of other tools, in lower case, and the choice that each means. No value, only suggested. */
  readonly synonyms?: Readonly<Record<string, string>>;
  /** Words that a text may be beside what has no list, such as `auto` beside numbers: shells complete them. */
  readonly keywords?: readonly string[];
  /** Types of values that a setting of the library may have beside the kind's own: `parse` reads them as a flag's text. */
  readonly alsoTakes?: readonly ('string' | 'number')[];
  /** Whether a text names a file or a folder: shells complete it. */
  readonly file?: true;
  /** The value that a flag's text stands for; it may be invalid. */
  readonly parse: (text: string) => unknown;
  readonly isValid: (value: unknown) => value is T;
}

/** The type of a kind's values. */
export type ValueOf<Kind extends ValueKind<unknown>> = Kind extends ValueKind<infer T> ? T : never;

/** NaN for a text that is no number; `Number` takes a blank text for 0. */
function toNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function numberKind(wanted: string, holds: (value: number) => boolean): ValueKind<number> {
  return {
    wanted,
    parse: toNumber,
    isValid: (value): value is number => typeof value === 'number' && Number.isFinite(value) && holds(value),
  };
}

/** Whether a value is an array, each element of which is of a kind; a hole is none. */
function isArrayOf<T>(value: unknown, { isValid }: ValueKind<T>): value is readonly T[] {
  return Array.isArray(value) && [...value].every(isValid);
}

/** Whole number from `least` to `most`; default: as far as a double counts exactly. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): ValueKind<number> {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return numberKind(
    `a whole number ${range}`,
    (value) => Number.isSafeInteger(value) && value >= least && value <= most,
  );
}

/** Whole number of at least 1: a count of something. */
export const count = whole(1);

/** Number above 0, also in single precision, in which TensorFlow computes: there it must be finite and above 0 too. */
export const above0 = numberKind('a number above 0, within single precision', (value) => {
  const single = Math.fround(value);
  return Number.isFinite(single) && single > 0;
});

/** Weight of a class in the loss. Single precision has no room for the sums of a batch's weights that are much further apart. */
export const classWeight = numberKind('a number from 0.000001 to 1000000', (value) => value >= 1e-6 && value <= 1e6);

/** Number of at least 0. */
export const atLeast0 = numberKind('a number of at least 0', (value) => value >= 0);

/** Number from 0 to below 1. */
export const below1 = numberKind('a number from 0 to below 1', (value) => value >= 0 && value < 1);

/** Number from 0 to 1. */
export const fraction = numberKind('a number from 0 to 1', (value) => value >= 0 && value <= 1);

/** Two numbers, each from 0 to below 1. */
export const pairBelow1: ValueKind<readonly [number, number]> = {
  wanted: 'an array of two numbers from 0 to below 1',
  wantedText: 'two numbers from 0 to below 1 with a comma between',
  parse: (text) => text.split(',').map(toNumber),
  isValid: (value): value is readonly [number, number] => isArrayOf(value, below1) && value.length === 2,
};

/** Mean of pixels in [0, 1]. Some scale them to a range a little beyond; a mean far off would overflow in a network. */
export const pixelMean = numberKind('a number from -1000 to 1000', (value) => Math.abs(value) <= 1000);

/** Standard deviation of pixels in [0, 1]: pixels that are divided by less would overflow in a network. */
export const pixelDeviation = numberKind('a number from 0.000001 to 1000000', (value) => value >= 1e-6 && value <= 1e6);

/** Means and standard deviations of pixels in [0, 1]: one of each, or all means and then all deviations, by channel. */
export const normalisation: ValueKind<readonly number[]> = {
  wanted:
    'an array of a mean and a standard deviation of at least 0.000001, or of all means and then all deviations of the channels',
  wantedText: 'M,S (mean, and standard deviation of at least 0.000001, of pixels from 0 to 1) or MR,MG,MB,SR,SG,SB',
  parse: (text) => text.split(',').map(toNumber),
  isValid: (value): value is readonly number[] =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.length % 2 === 0 &&
    isArrayOf(value.slice(0, value.length / 2), pixelMean) &&
    isArrayOf(value.slice(value.length / 2), pixelDeviation),
};

/** A normalisation, or the word `auto`: compute it from the training images. */
export const normalisationOrAuto: ValueKind<readonly number[] | 'auto'> = {
  wanted: `auto, or ${normalisation.wanted}`,
  wantedText: `auto, or ${normalisation.wantedText}`,
  keywords: ['auto'],
  parse: (text) => (text === 'auto' ? text : normalisation.parse(text)),
  isValid: (value): value is readonly number[] | 'auto' => value === 'auto' || normalisation.isValid(value),
};

/**
 * Weights of classes in the loss: none, those that make every class count alike, a number for each class, or a file with
 * these numbers. A checkpoint holds no file.
 */
export type ClassWeights = 'none' | 'balanced' | readonly number[] | { readonly file: string };

/** Weights of classes. */
export const classWeights: ValueKind<ClassWeights> = {
  wanted: `none, balanced, or an array with ${classWeight.wanted} for each class`,
  wantedText: 'none, balanced, or a file with a number above 0 for each class',
  keywords: ['none', 'balanced'],
  alsoTakes: ['string'],
  file: true,
  parse: (text) => (text === 'none' || text === 'balanced' ? text : { file: text }),
  isValid: (value): value is ClassWeights => {
    if (Array.isArray(value)) return value.length > 0 && isArrayOf(value, classWeight);
    return value === 'none' || value === 'balanced' || path.isValid((value as { file?: unknown } | null)?.file);
  },
};

/** A number of things, or a fraction of all of them. */
export const countOrFraction: ValueKind<number> = numberKind(
  'a whole number of at least 1, or a fraction between 0 and 1',
  (value) => (Number.isSafeInteger(value) ? value >= 1 : value > 0 && value < 1),
);

/** Largest side of an image in pixels. */
export const MAX_SIDE_PIXELS = 65_536;

/** Height and width of images in pixels, as `HxW`. */
export const imageSize: ValueKind<string> = {
  wanted: `a side or HxW in pixels, each from 1 to ${MAX_SIDE_PIXELS}, like 64 or 48x64`,
  alsoTakes: ['string', 'number'],
  parse: (text) => (/^\d+$/.test(text) ? `${text}x${text}` : text),
  isValid: (value): value is string => {
    const sides = typeof value === 'string' ? (/^(\d+)x(\d+)$/.exec(value)?.slice(1) ?? []) : [];
    return sides.length === 2 && sides.every((side) => Number(side) >= 1 && Number(side) <= MAX_SIDE_PIXELS);
  },
};

/** Height and width that a text `HxW` stands for. */
export function sizeOfText(text: string): { height: number; width: number } {
  const [height = 0, width = 0] = text.split('x').map(Number);
  return { height, width };
}

/** Seconds of each unit that may follow a duration. */
const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** A duration in seconds, as text also in minutes or hours. */
export const duration: ValueKind<number> = {
  ...numberKind('a number of seconds above 0', (value) => value > 0),
  wantedText: 'a time above 0 in seconds, or with s, m or h after it, like 90s or 10m',
  alsoTakes: ['string'],
  parse: (text) => {
    const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)([smh])?$/.exec(text) ?? [];
    return Number(digits) * (SECONDS_PER_UNIT[unit] ?? Number.NaN);
  },
};

/** Bytes of each unit that a size has: powers of 1,024, as of memory. */
const BYTES_PER_UNIT: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** A size in bytes, as text with a unit. */
export const byteSize: ValueKind<number> = {
  ...numberKind('a whole number of bytes above 0', (value) => Number.isSafeInteger(value) && value > 0),
  wantedText: 'a size above 0 with K, M, G or T after it, like 512M or 4G',
  alsoTakes: ['string'],
  parse: (text) => {
    const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([KMGT])$/i.exec(text) ?? [];
    return Math.round(Number(digits) * (BYTES_PER_UNIT[unit.toUpperCase()] ?? Number.NaN));
  },
};

/**
 * One of a few texts or numbers.
 *
 * @param synonyms see `ValueKind`
 */
export function oneOf<T extends string | number>(
  choices: readonly T[],
  synonyms: Readonly<Record<string, T & string>> = {},
): ValueKind<T> {
  return {
    synonyms,
    wanted: `one of ${choices.join(', ')}`,
    choices,
    parse: (text) => choices.find((choice) => String(choice) === text),
    isValid: (value): value is T => choices.some((choice) => choice === value),
  };
}

/**
 * One or more of a few texts, each once, in the order of the choices.
 *
 * @param all the word that stands for all of them
 */
export function someOf<T extends string>(choices: readonly T[], all: string): ValueKind<readonly T[]> {
  const wanted = `one or more of ${choices.join(', ')}`;
  return {
    choices,
    all,
    wanted: `an array of ${wanted}, each once and in this order`,
    wantedText: `${wanted} with commas between, or ${all} for all of them`,
    parse: (text) => {
      const words = text === all ? choices : text.split(',');
      const chosen = choices.filter((choice) => words.includes(choice));
      return words.every((word) => choices.some((choice) => choice === word)) ? chosen : undefined;
    },
    isValid: (value): value is readonly T[] => {
      if (!Array.isArray(value) || value.length === 0) return false;
      const chosen = choices.filter((choice) => value.includes(choice));
      return chosen.length === value.length && chosen.every((choice, index) => choice === value[index]);
    },
  };
}

/** A path: any text but the empty one, and one with the character NUL, which no system has in a name. */
export const path: ValueKind<string> = {
  wanted: 'a path',
  file: true,
  parse: (text) => text,
  isValid: (value): value is string => typeof value === 'string' && value !== '' && !value.includes('\0'),
};

/** A name: a text as a path is. */
export const name: ValueKind<string> = { wanted: 'a name', parse: path.parse, isValid: path.isValid };

/** A switch: on or off. */
export const onOff: ValueKind<boolean> = {
  wanted: 'true or false',
  parse: (text) => (text === 'true' || text === 'false' ? text === 'true' : undefined),
  isValid: (value): value is boolean => typeof value === 'boolean',
};
