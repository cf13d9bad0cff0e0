/** The words of a command line: which command they call, and which of them is no option of it. */
import parser from 'yargs-parser';
import { COMMANDS } from './commands/index.ts';
import { type Flags, isSwitch, needsValue } from './flags/flag.ts';
import { parserOptions } from './flags/read-flags.ts';

/** The flags of all commands together: those before a command's name are read by them. */
const ALL_FLAGS: Flags = Object.assign({}, ...Object.values(COMMANDS).map(({ flags }) => flags));

/** The first word that is neither a flag nor a flag's value, whether it is a command or not. */
export function commandName(argv: readonly string[]): string | undefined {
  if (argv[0] !== undefined && Object.hasOwn(COMMANDS, argv[0])) return argv[0]; // the usual case
  const switches = Object.keys(ALL_FLAGS).filter((name) => isSwitch(ALL_FLAGS[name]!));
  const [first] = parser([...argv], { ...parserOptions(ALL_FLAGS), boolean: switches })._;
  return first === undefined ? undefined : String(first);
}

/** The flags of the command that a command line calls; those of all commands if it calls none. */
export function flagsOf(argv: readonly string[]): Flags {
  const name = commandName(argv) ?? '';
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name]!.flags : ALL_FLAGS;
}

/**
 * The first word that is written as an option but is none of these: a name that is unknown, or has one dash. A word
 * after a flag that needs a value is its value, also with dashes, and a number may be negative.
 */
export function unknownOption(argv: readonly string[], flags: Flags): string | undefined {
  return argv.find((word, index) => {
    const before = argv[index - 1] ?? '';
    const flag = before.startsWith('--') && Object.hasOwn(flags, before.slice(2)) ? flags[before.slice(2)] : undefined;
    if ((flag && needsValue(flag)) || !/^-[^\d.]/.test(word) || ASKS.includes(word)) return false;
    return !word.startsWith('--') || !Object.hasOwn(flags, word.slice(2).split('=')[0] ?? '');
  });
}

/** Options of every command, which print help or the version. */
const ASKS: readonly string[] = ['--help', '-h', '--version'];

/** Whether a command line asks for help or the version. */
export function asksForHelp(argv: readonly string[]): boolean {
  return argv.some((word) => ASKS.includes(word));
}

/** A switch that stands alone would take the next word as its value, so `--json PATH` becomes `--json=true PATH`. */
export function spellSwitches(argv: readonly string[]): string[] {
  const flags = flagsOf(argv);
  return argv.map((word, index) => {
    const flag = word.startsWith('--') && Object.hasOwn(flags, word.slice(2)) ? flags[word.slice(2)] : undefined;
    const standsAlone = flag && isSwitch(flag) && !/^(true|false)$/.test(argv[index + 1] ?? '');
    return standsAlone ? `${word}=true` : word;
  });
}
