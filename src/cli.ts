/** The command line: parses, dispatches, and is the only place that catches, prints an error and sets the exit code. */

import parser from 'yargs-parser';
import { type Flags, type ParsedCommand, parserOptions, readFlags, takesValue } from './commands/flags/flags.ts';
import { COMMANDS } from './commands/index.ts';
import { leaveClosedTerminal } from './commands/signals.ts';
import { ExitCode, UserError } from './errors.ts';
import { printable } from './printable.ts';

/**
 * Run the tool.
 *
 * @param argv the words after the program's name
 */
export async function main(argv: string[]): Promise<void> {
  // A reader who has gone (`| head -1`, a closed terminal) is no fault of ours, and training goes on without one.
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

/**
 * The command that a command line calls, with its checked flags.
 *
 * @returns undefined if the command line asked for help or the version, which is printed
 * @throws UserError (usage) naming the word that is wrong
 */
export async function readCommandLine(argv: string[]) {
  const words = spellSwitches(argv);
  const parsed = parse(words) ?? (await (await import('./cli-help.ts')).explain(words));
  const command = parsed && COMMANDS[parsed.name];
  return command && { command, ...readFlags({ ...command.flags, ...command.positionals }, parsed.values) };
}

/** A switch alone would take the word behind it for its value: `--json PATH` is made `--json=true PATH`. */
function spellSwitches(argv: readonly string[]): string[] {
  const { flags = {} } = COMMANDS[argv.find((word) => Object.hasOwn(COMMANDS, word)) ?? ''] ?? {};
  return argv.map((word, index) => {
    const name = word.slice(2);
    const isSwitch = word.startsWith('--') && Object.hasOwn(flags, name) && !takesValue(flags[name]);
    return isSwitch && !/^(true|false)$/.test(argv[index + 1] ?? '') ? `${word}=true` : word;
  });
}

/**
 * A faultless command line; undefined where yargs must explain or help. yargs parses by this very parser, but loading
 * all of it takes 80 ms of the 150 that `summary` may take.
 */
function parse(argv: string[]): ParsedCommand | undefined {
  const name = argv[0] ?? '';
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) return undefined;
  const { flags, positionals = {} } = command;
  const { argv: values, error } = parser.detailed(argv, parserOptions(flags));
  const known = Object.keys(values).every((key) => key === '_' || Object.hasOwn(flags, key));
  const [, ...words] = values._;
  const positional = assign(words.map(String), positionals);
  const faultless = error === null && known && positional !== undefined && !argv.includes('--');
  return faultless ? { name, values: { ...values, ...positional } } : undefined;
}

/** The words without a flag by their names; undefined where there are too many. */
function assign(words: readonly string[], positionals: Flags): Record<string, string | string[]> | undefined {
  const rest = [...words];
  const assigned: Record<string, string | string[]> = {};
  for (const [name, { several }] of Object.entries(positionals)) {
    const word = several ? rest.splice(0) : rest.shift();
    if (word !== undefined) assigned[name] = word;
  }
  return rest.length === 0 ? assigned : undefined;
}

function report(error: unknown): void {
  const debug = process.env.RESNET_DEBUG === '1';
  if (error instanceof UserError) {
    process.stderr.write(`resnet: ${printable(error.message)}\n${debug ? `${error.stack}\n` : ''}`);
    process.exitCode = error.code;
    leaveClosedTerminal(error.code);
  } else {
    const trace = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`resnet: this is a bug in resnet; please report it with what follows\n${trace}\n`);
    process.exitCode = ExitCode.bug;
  }
}
