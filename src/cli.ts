/** The command line: parses, dispatches, and is the only place that catches, prints an error and sets the exit code. */
import { inspect } from 'node:util';
import parser from 'yargs-parser';
import { asksForHelp, commandName, spellSwitches, unknownOption } from './command-line.ts';
import { COMMANDS, type Command } from './commands/index.ts';
import { leaveClosedTerminal } from './commands/signals.ts';
import { ExitCode, UserError } from './errors.ts';
import type { ParsedCommand, Words } from './flags/flag.ts';
import { parserOptions, readFlags } from './flags/read-flags.ts';
import { printable } from './printable.ts';

/**
 * Runs the tool.
 *
 * @param argv the words after the program's name
 */
export async function main(argv: string[]): Promise<void> {
  // A reader that has gone (`| head -1`, a closed terminal) is not an error: training continues without one.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || stream.isTTY) return;
      report(new UserError(`output cannot be written (${error.code}): is the disk full?`, ExitCode.io));
      process.exit();
    });
  }
  try {
    const called = await readCommandLine(argv);
    await called?.command.run(called.values as never, called.given, report);
  } catch (error) {
    report(error);
  }
}

/** A command with the values of its flags; see `readFlags`. */
interface CalledCommand extends ReturnType<typeof readFlags> {
  readonly command: Command;
}

/**
 * Reads a command line: the command that it calls, with its checked flags.
 *
 * @param argv the words after the program's name
 * @returns undefined if the command line asks for help or the version, which is printed
 * @throws UserError (usage) naming the word that is wrong
 */
export async function readCommandLine(argv: readonly string[]): Promise<CalledCommand | undefined> {
  const words = spellSwitches(argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv);
  const parsed = parse(words);
  const command = parsed && COMMANDS[parsed.name];
  if (command) return { command, ...readFlags(command.flags, command.words ?? {}, parsed.values) };
  return (await import('./cli-help.ts')).explain(words);
}

/**
 * Parses a faultless command line. yargs parses by this very parser, but loading all of yargs takes 80 ms of the 150
 * that `summary` may take.
 *
 * @param argv as `spellSwitches` returns it
 * @returns undefined if yargs must print help or explain what is wrong
 */
function parse(argv: string[]): ParsedCommand | undefined {
  const name = commandName(argv) ?? '';
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) return undefined;
  const { argv: values, error } = parser.detailed(argv, parserOptions(command.flags));
  const known = unknownOption(argv, command.flags) === undefined && !asksForHelp(argv);
  const [, ...texts] = values._;
  const words = assign(texts.map(String), command.words ?? {});
  const faultless = error === null && known && words !== undefined;
  return faultless ? { name, values: { ...values, ...words } } : undefined;
}

/** Texts without a flag by the names of the words; undefined if there are more texts than words. */
function assign(texts: readonly string[], words: Words): Record<string, string | string[]> | undefined {
  const rest = [...texts];
  const assigned: Record<string, string | string[]> = {};
  for (const [name, { several }] of Object.entries(words)) {
    const text = several ? rest.splice(0) : rest.shift();
    if (text !== undefined) assigned[name] = text;
  }
  return rest.length === 0 ? assigned : undefined;
}

/** Prints an error and sets the exit code. */
function report(error: unknown): void {
  const debug = process.env.RESNET_DEBUG === '1';
  if (error instanceof UserError) {
    process.stderr.write(`resnet: ${printable(error.message)}\n${debug ? printableLines(inspect(error)) : ''}`);
    process.exitCode = error.code;
    leaveClosedTerminal(error.code);
  } else {
    const trace = (error instanceof Error ? error.stack : undefined) ?? String(error);
    process.stderr.write(
      `resnet: this is a bug in resnet; please report it with what follows\n${printableLines(trace)}`,
    );
    process.exitCode = ExitCode.bug;
  }
}

/** The lines of a text that may hold names from files, such as a trace of a stack. */
function printableLines(text: string): string {
  return text
    .split('\n')
    .map((line) => `${printable(line)}\n`)
    .join('');
}
