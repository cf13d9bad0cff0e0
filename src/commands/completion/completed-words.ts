/** What a shell completes of a command line, taken from the tables of the commands. */

import { HELP_FLAGS } from '../../flags/common-flags.ts';
import { type Flag, type Flags, isSwitch, needsValue, type Words } from '../../flags/flag.ts';
import type { ValueKind } from '../../value-kinds.ts';

/** A command, as far as its words are completed. */
export interface ToolCommand {
  readonly describe: string;
  readonly flags: Flags;
  readonly words?: Words;
}

/** What may stand at a place of a command line. */
export interface Place {
  /** Words to choose from. */
  readonly words: readonly string[];
  /** Whether several of them may be given, with commas between. */
  readonly list: boolean;
  /** Whether files and folders may be named. */
  readonly file: boolean;
}

/** A flag, and what may follow it. */
export interface CompletedFlag extends Place {
  /** With its dashes. */
  readonly name: string;
  readonly describe: string;
  readonly value: 'none' | 'optional' | 'needed';
}

/** A word without a flag. */
export interface CompletedWord extends Place {
  readonly name: string;
  /** Whether all words that follow are of this kind. */
  readonly several: boolean;
}

/** A command. */
export interface CompletedCommand {
  readonly name: string;
  readonly describe: string;
  readonly flags: readonly CompletedFlag[];
  readonly words: readonly CompletedWord[];
}

/** Flags of every command, which print help or the version. */
export const COMMON_FLAGS: readonly CompletedFlag[] = Object.entries(HELP_FLAGS).map(([name, describe]) => {
  return { name: `--${name}`, describe, value: 'none', words: [], list: false, file: false };
});

/** The commands of a tool by what is completed of them. */
export function completedCommands(commands: Readonly<Record<string, ToolCommand>>): CompletedCommand[] {
  return Object.entries(commands).map(([name, { describe, flags, words = {} }]) => ({
    name,
    describe,
    flags: [...Object.entries(flags).map(([flag, row]) => completedFlag(flag, row)), ...COMMON_FLAGS],
    words: Object.entries(words).map(([word, { values, several }]) => {
      return { name: word, ...placeOf(values, false), several: several === true };
    }),
  }));
}

function completedFlag(name: string, flag: Flag): CompletedFlag {
  const value = isSwitch(flag) ? 'none' : needsValue(flag) ? 'needed' : 'optional';
  return { name: `--${name}`, describe: flag.describe, value, ...placeOf(flag.values, flag.list === true) };
}

function placeOf({ choices = [], all, keywords = [], file }: ValueKind<unknown>, list: boolean): Place {
  const words = [...choices.map(String), ...(all === undefined ? [] : [all]), ...keywords];
  return { words, list: list || all !== undefined, file: file === true };
}

/**
 * Things that have the same text, with all their names: a script says once what several commands share.
 *
 * @param textOf the text of a thing
 * @returns the names by text, in the order of the things
 */
export function namesByText<Thing>(
  things: readonly (readonly [name: string, thing: Thing])[],
  textOf: (thing: Thing) => string,
): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const [name, thing] of things) {
    const text = textOf(thing);
    names.set(text, [...(names.get(text) ?? []), name]);
  }
  return names;
}
