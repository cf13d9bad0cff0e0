/** yargs: prints help and version, and says what is wrong with a command line. */
import { extname } from 'node:path';
import yargs, { type Argv } from 'yargs';
import parser from 'yargs-parser';
import { calledAs } from './called-as.ts';
import { asksForHelp, commandName, flagsOf, unknownOption } from './command-line.ts';
import { COMMANDS, type Command } from './commands/index.ts';
import { ExitCode, UserError } from './errors.ts';
import { HELP_FLAGS } from './flags/common-flags.ts';
import { needsValue, type Words } from './flags/flag.ts';
import { helpText, inGroups } from './flags/help-text.ts';
import { nearestWord, parserOptions } from './flags/read-flags.ts';
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
 * @throws UserError (usage) naming the word that is wrong, and the nearest that would have been right
 */
export async function explain(argv: string[]): Promise<undefined> {
  refuseWrongWords(argv);
  const tool = nameInHelp();
  const meaning = tool === calledAs() ? '' : ` Here ${tool} is short for: ${calledAs()}`;
  const program = yargs(argv)
    .scriptName(tool)
    .usage('resnet: train a ResNet on MNIST, on TensorFlow, from Node')
    .parserConfiguration(parserOptions({}).configuration)
    .locale('en')
    .updateStrings({ 'Positionals:': 'Arguments:' })
    .usageConfiguration({ 'hide-types': true }) // defaults are in the descriptions, see `helpText`
    .help('help', HELP_FLAGS.help)
    .version('version', HELP_FLAGS.version, toolVersion())
    .alias('help', 'h')
    .demandCommand(1, 1, 'a command is needed')
    .strict()
    .exitProcess(false)
    .epilogue(`${tool} COMMAND --help shows the options of a command, and examples.${meaning}`)
    .epilogue(
      'Exit codes: 1 bug, 2 usage, 3 data, 4 checkpoint, 5 I/O, 6 diverged, 7 locked, 8 no such device or runtime',
    )
    .fail((message, error) => {
      throw error && error.name !== 'YError' ? error : usageError(complaintText(message ?? error?.message), argv);
    });
  for (const [name, command] of Object.entries(COMMANDS)) {
    const build = (argv: Argv) => describeCommand(argv, command);
    program.command(usageOf(name, command.words), command.describe, build);
  }
  await program.parseAsync();
}

/** Characters of the tool's name in help at most: the examples beside it must fit 80 columns. */
const MAX_NAME = 20;

/** The tool's name in help: as it was called, unless that is too long for tables. */
function nameInHelp(): string {
  const name = calledAs();
  return name.length <= MAX_NAME ? name : 'resnet';
}

/** How a command is written, e.g. `report [RUN]`. */
function usageOf(name: string, words: Words = {}): string {
  const texts = Object.entries(words).map(([word, { several }]) => `[${word.toUpperCase()}${several ? '..' : ''}]`);
  return [name, ...texts].join(' ');
}

/** Adds a command's flags, words and examples to yargs; `readFlags` later puts in values and defaults. */
function describeCommand(program: Argv, { flags, words = {}, examples }: Command): Argv {
  for (const [name, word] of Object.entries(words)) {
    program.positional(name.toUpperCase(), { describe: helpText(word) });
  }
  for (const [name, flag] of inGroups(flags)) {
    const value = needsValue(flag) ? { nargs: 1 } : {};
    program.option(name, { group: `${flag.group}:`, describe: helpText(flag), ...value });
  }
  program.group(['help', 'version'], 'Output:');
  for (const [line, meaning] of examples) program.example(line.replace(/^resnet/, nameInHelp()), meaning);
  return program;
}

/**
 * Refuses a command, an option or a word that is not known. A command line that asks for help needs only a known command.
 *
 * @throws UserError (usage) naming the first of them, and the nearest known name
 */
function refuseWrongWords(argv: readonly string[]): void {
  const name = commandName(argv);
  const names = Object.keys(COMMANDS);
  if (name !== undefined && !names.includes(name)) {
    const text = `unknown command ${shown(name)}${suggestion(name, names)}; the commands are ${names.join(', ')}`;
    throw new UserError(`${text}; see ${calledAs()} --help`, ExitCode.usage);
  }
  if (asksForHelp(argv)) return;
  const flags = flagsOf(argv);
  const words = Object.entries(COMMANDS[name ?? '']?.words ?? {});
  const takesSeveral = words.some(([, { several }]) => several);
  const option = unknownOption(argv, flags);
  if (option !== undefined) {
    const nearest = suggestion(option.replace(/^-+/, '').split('=')[0] ?? '', Object.keys(flags), '--');
    const isFile = nearest === '' && takesSeveral && extname(option) !== '';
    throw usageError(`unknown option ${option}${isFile ? `; a file of this name is ./${option}` : nearest}`, argv);
  }
  const [, ...given] = parser([...argv], parserOptions(flags))._.map(String);
  if (name !== undefined && given.length > words.length && !takesSeveral) {
    throw usageError(tooManyWords(name, words.map(([word]) => word)[0], given), argv);
  }
}

function usageError(problem: string, argv: readonly string[]): UserError {
  const name = commandName(argv);
  return new UserError(`${problem}; see ${calledAs()} ${name === undefined ? '' : `${name} `}--help`, ExitCode.usage);
}

/** yargs's complaint in the form of all our messages. */
function complaintText(message: string): string {
  const valueless = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
  return valueless === undefined ? message.replaceAll('\n', ' ').trim() : `--${valueless} needs a value`;
}

/** A word in a message; quoted if it would not be seen or has blanks. */
function shown(word: string): string {
  return /^\S+$/.test(word) ? word : JSON.stringify(word);
}

function suggestion(unknown: string, known: readonly string[], prefix = ''): string {
  const nearest = nearestWord(unknown, known);
  return nearest === undefined ? '' : `; did you mean ${prefix}${nearest}?`;
}

/** The message about words without a flag that the command does not take. */
function tooManyWords(name: string, word: string | undefined, given: readonly string[]): string {
  const words = given.map(shown).join(' ');
  if (word !== undefined) return `${name} takes one ${word.toUpperCase()}, got ${given.length}: ${words}`;
  return `${name} takes no word without a flag, got ${words}: put its flag before it, or leave it out`;
}
