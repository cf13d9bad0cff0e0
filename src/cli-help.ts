/** yargs: prints help and version, and says what is wrong with a command line. */
import { closestMatch } from 'leven';
import yargs, { type Argv } from 'yargs';
import parser from 'yargs-parser';
import { needsValue, type ParsedCommand, type Words } from './commands/flags/flag.ts';
import { helpText, inGroups } from './commands/flags/help-text.ts';
import { parserOptions } from './commands/flags/read-flags.ts';
import { COMMANDS, type Command } from './commands/index.ts';
import { ExitCode, UserError } from './errors.ts';
import { toolVersion } from './version.ts';

declare module 'yargs' {
  interface Argv<T> {
    /** Missing in `@types/yargs` 17. */
    usageConfiguration(configuration: { readonly 'hide-types': boolean }): Argv<T>;
  }
}

/**
 * Prints the help or the version that `argv` asks for.
 *
 * @returns the command, if `argv` is right after all
 * @throws UserError (usage) naming the word that is wrong, and the nearest that would have been right
 */
export async function explain(argv: string[]): Promise<ParsedCommand | undefined> {
  if (argv.includes('--')) throw usageError('Unknown argument: --', argv);
  let found: ParsedCommand | undefined;
  const program = yargs(argv)
    .scriptName('resnet')
    .usage('resnet: train a ResNet on MNIST, on TensorFlow, from Node')
    .parserConfiguration(parserOptions({}).configuration)
    .locale('en')
    .updateStrings({ 'Positionals:': 'Arguments:' })
    .usageConfiguration({ 'hide-types': true }) // defaults are in the descriptions, see `helpText`
    .help('help', 'show this help')
    .version('version', 'show the version', toolVersion())
    .alias('help', 'h')
    .demandCommand(1, 1, 'a command is needed')
    .strict()
    .exitProcess(false)
    .epilogue('resnet COMMAND --help shows the options of a command, and examples.')
    .epilogue(
      'Exit codes: 1 bug, 2 usage, 3 data, 4 checkpoint, 5 I/O, 6 diverged, 7 locked, 8 no such device or runtime',
    )
    .fail((message, error) => {
      throw error && error.name !== 'YError' ? error : usageError(message ?? error?.message, argv);
    });
  for (const [name, command] of Object.entries(COMMANDS)) {
    const build = (argv: Argv) => describeCommand(argv, command);
    program.command(usageOf(name, command.words), command.describe, build, (values) => {
      found = { name, values };
    });
  }
  await program.parseAsync();
  return found;
}

/** How a command is written, e.g. `report [run]`. */
function usageOf(name: string, words: Words = {}): string {
  const texts = Object.entries(words).map(([word, { several }]) => (several ? `[${word}..]` : `[${word}]`));
  return [name, ...texts].join(' ');
}

/** Adds a command's flags, words and examples to yargs; `readFlags` later puts in values and defaults. */
function describeCommand(program: Argv, { flags, words = {}, examples }: Command): Argv {
  for (const [word, { describe, default: usual }] of Object.entries(words)) {
    program.positional(word, { describe: usual === undefined ? describe : `${describe} [default: ${usual}]` });
  }
  for (const [name, flag] of inGroups(flags)) {
    const value = needsValue(flag) ? { nargs: 1 } : {};
    program.option(name, { group: `${flag.group}:`, describe: helpText(flag), ...value });
  }
  program.group(['help', 'version'], 'Output:');
  for (const [line, meaning] of examples) program.example(line, meaning);
  return program;
}

/** yargs's complaint in the form of all our messages. */
function usageError(message: string, argv: readonly string[]): UserError {
  const name = argv.find((word) => Object.hasOwn(COMMANDS, word));
  const command = name === undefined ? undefined : COMMANDS[name];
  const help = name === undefined ? 'resnet --help' : `resnet ${name} --help`;
  const problem = (text: string) => new UserError(`${text}; see ${help}`, ExitCode.usage);
  const valueless = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
  if (valueless !== undefined) return problem(`--${valueless} needs a value`);
  const [first = '', ...others] = parser([...argv], parserOptions(command?.flags ?? {}))._.map(String);
  const listed = /^Unknown (?:argument|command)s?: (.*)$/s.exec(message)?.[1]?.split(', ')[0];
  const unknown = message.startsWith('Too many non-option arguments') ? first : listed;
  if (unknown === undefined) return problem(message.replaceAll('\n', ' ').trim());
  const word = argv.find((given) => given.replace(/^-+/, '').split('=')[0] === unknown) ?? unknown;
  if (word.startsWith('-')) {
    return problem(`unknown option ${word}${suggestion(unknown, Object.keys(command?.flags ?? {}), '--')}`);
  }
  if (name !== undefined && command && first === name) return problem(tooManyWords(name, command, others));
  const names = Object.keys(COMMANDS);
  const unknownCommand = `unknown command ${word}${suggestion(unknown, names)}`;
  return new UserError(`${unknownCommand}; the commands are ${names.join(', ')}; see resnet --help`, ExitCode.usage);
}

function suggestion(unknown: string, known: readonly string[], prefix = ''): string {
  const nearest = closestMatch(unknown, [...known], { maxDistance: Math.min(3, Math.ceil(unknown.length / 2)) });
  return nearest === undefined ? '' : `; did you mean ${prefix}${nearest}?`;
}

/** The message about words without a flag that the command does not take. */
function tooManyWords(name: string, { words = {} }: Command, given: readonly string[]): string {
  const [word] = Object.keys(words);
  if (word !== undefined) return `${name} takes one ${word.toUpperCase()}, got ${given.length}: ${given.join(' ')}`;
  return `${name} takes no word without a flag, got ${given.join(' ')}: put its flag before it, or leave it out`;
}
