/** Types of flags, of words without a flag, and of command lines. */
import type { FlagGroup } from '../run/settings/setting.ts';
import { onOff, type ValueKind } from '../value-kinds.ts';

/** A word of a command line that stands without a flag, like `RUN` in `resnet report RUN`. */
interface Word {
  /** Meaning in words that stand alone, for help and `docs/flags.md`. */
  readonly describe: string;
  readonly values: ValueKind<unknown>;
  /** The default as a user would type it. */
  readonly default?: string;
  /** Effect of leaving it out, for help; only if there is no `default`. */
  readonly otherwise?: string | undefined;
  /** Only the last word of a command: one or more may be given, and its value is an array. */
  readonly several?: true;
}

/** A flag of a command. */
export interface Flag extends Omit<Word, 'several'> {
  readonly group: FlagGroup;
  /** Takes several values with commas between; its value is an array. */
  readonly list?: true;
  /** May be given without its value, and is then an empty object. */
  readonly optionalValue?: true;
}

/** A command's words without a flag, by name. */
export type Words = Readonly<Record<string, Word>>;
/** A command's flags, by name without the dashes. */
export type Flags = Readonly<Record<string, Flag>>;

/** The flags that the user gave, their values checked; the others are absent. */
export type GivenFlags = Readonly<Record<string, unknown>>;

/** A command line, split into its command and the texts of its flags and words. */
export interface ParsedCommand {
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Tells the user at once about a failure after which the command continues: the exit code will be the error's. */
export type ReportError = (error: unknown) => void;

/** Whether a flag is a switch, which is given without a value. */
export function isSwitch({ values }: Flag): boolean {
  return values === onOff;
}

/** Whether the word after the flag is always its value. */
export function needsValue(flag: Flag): boolean {
  return !isSwitch(flag) && !flag.optionalValue;
}
