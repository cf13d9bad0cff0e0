/** Turns the texts of a command line into the values of its flags, checked before any work starts. */
import { closestMatch } from 'leven';
import { ExitCode, UserError } from '../errors.ts';
import { onOff, type ValueKind } from '../value-kinds.ts';
import { type Flag, type Flags, type GivenFlags, isSwitch, needsValue, type Words } from './flag.ts';

/** Options of yargs-parser, which yargs uses too. */
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
      'duplicate-arguments-array': true, // `flagValue` refuses an array
      'camel-case-expansion': false,
    },
  };
}

/**
 * The checked values of a parsed command line.
 *
 * @returns `values`: the value of every flag, its default if it was not given; `given`: only the values given
 * @throws UserError (usage) naming the first flag whose value is wrong, and quoting that value
 */
export function readFlags(
  flags: Flags,
  words: Words,
  parsed: Readonly<Record<string, unknown>>,
): { values: Record<string, unknown>; given: GivenFlags } {
  const entries: [string, unknown][] = [];
  for (const [name, flag] of Object.entries(flags)) entries.push([name, flagValue(name, flag, parsed[name])]);
  for (const [name, { values, several, default: usual }] of Object.entries(words)) {
    const texts = [parsed[name] ?? usual ?? []].flat().map(String);
    if (several && texts.length === 0) {
      throw new UserError(`${name.toUpperCase()}: at least one is needed; see --help`, ExitCode.usage);
    }
    const read = texts.map((text) => check(several ? `${name.toUpperCase()}: each` : name.toUpperCase(), values, text));
    entries.push([name, several ? read : read[0]]);
  }
  return {
    values: Object.fromEntries(entries),
    given: Object.fromEntries(entries.filter(([name]) => parsed[name] !== undefined)),
  };
}

function flagValue(name: string, flag: Flag, parsed: unknown): unknown {
  const { values, list, optionalValue, default: usual } = flag;
  if (Array.isArray(parsed)) throw givenTwice(name, flag, parsed);
  if (parsed === true && optionalValue) return {}; // the flag stands alone: its value would be a text, `true` as well
  if (parsed === undefined && usual === undefined) return undefined;
  const text = String(parsed ?? usual);
  if (list) return text.split(',').map((part) => check(`--${name}`, values, part.trim()));
  return check(`--${name}`, values, text);
}

/** The error about a flag that is given more than once: which of its values is meant cannot be known. */
function givenTwice(name: string, flag: Flag, parsed: readonly unknown[]): UserError {
  const texts = parsed.map((text) => (text === true ? 'nothing' : JSON.stringify(text))).join(' and ');
  const times = parsed.length === 2 ? 'twice' : `${parsed.length} times`;
  const values = isSwitch(flag) ? '' : `, with ${texts}`;
  return new UserError(`--${name} is given ${times}${values}: give it once`, ExitCode.usage);
}

/** @throws UserError (usage) naming the flag and quoting its text */
function check(name: string, values: ValueKind<unknown>, text: string): unknown {
  const value = values.parse(text);
  if (values.isValid(value)) return value;
  const wanted =
    values === onOff
      ? 'is a switch: give it no value, or true or false'
      : `must be ${values.wantedText ?? values.wanted}`;
  throw new UserError(`${name} ${wanted}, got ${JSON.stringify(text)}${hint(values, text)}`, ExitCode.usage);
}

/** Suggests the choice that is meant: of numbers the nearest by value, of words by meaning or by letters. */
export function hint({ choices = [], all, synonyms = {} }: ValueKind<unknown>, text: string): string {
  const word = text.toLowerCase();
  const name = word.replace(/:\d*$/, ''); // PyTorch writes the number of a device after a colon
  const numbers = choices.filter((choice) => typeof choice === 'number');
  const nearest =
    numbers.length > 0
      ? nearestNumber(numbers, Number.parseFloat(text))
      : Object.hasOwn(synonyms, name)
        ? synonyms[name]
        : nearestWord(word, [...choices, ...(all === undefined ? [] : [all])].map(String));
  return nearest === undefined ? '' : `; did you mean ${nearest}?`;
}

/** The known word that is meant by one that differs in few letters; undefined if there is none. */
export function nearestWord(unknown: string, known: readonly string[]): string | undefined {
  return closestMatch(unknown, [...known], { maxDistance: Math.min(3, Math.ceil(unknown.length / 2)) });
}

function nearestNumber(numbers: readonly number[], given: number): number | undefined {
  if (!Number.isFinite(given)) return undefined;
  return numbers.toSorted((a, b) => Math.abs(a - given) - Math.abs(b - given))[0];
}
