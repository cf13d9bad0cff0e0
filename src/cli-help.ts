/** yargs: prints help and version, and says what is wrong with a command line. */
import { closestMatch } from 'leven';
import yargs, { type Argv } from 'yargs';
import { type ParsedCommand, parserOptions, yargsOptions } from './commands/flags/flags.ts';
import { COMMANDS } from './commands/index.ts';
import { ExitCode, UserError } from './errors.ts';
import { toolVersion } from './version.ts';

/**
 * Print the help or the version that `argv` asks for.
 *
 * @returns the command, should `argv` be right after all
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
    .version(toolVersion())
    .alias('help', 'h')
    .demandCommand(1, 1, 'a command is needed')
    .strict()
    .exitProcess(false)
    .epilogue(
      'Exit codes: 1 bug, 2 usage, 3 data, 4 checkpoint, 5 I/O, 6 diverged, 7 locked, 8 no such device or runtime',
    )
    .fail((message, error) => {
      throw error && error.name !== 'YError' ? error : usageError(message ?? error?.message, argv);
    });
  for (const [name, { describe, flags, positionals = {} }] of Object.entries(COMMANDS)) {
    const words = Object.entries(positionals).map(([word, { several }]) => (several ? ` [${word}..]` : ` [${word}]`));
    const build = (command: Argv) => {
      for (const [word, { describe: meaning, default: text }] of Object.entries(positionals)) {
        command.positional(word, { type: 'string', describe: meaning, defaultDescription: text });
      }
      return command.options(yargsOptions(flags));
    };
    program.command(name + words.join(''), describe, build, (values) => {
      found = { name, values };
    });
  }
  await program.parseAsync();
  return found;
}

/** yargs's complaint in the house's form. */
function usageError(message: string, argv: readonly string[]): UserError {
  const command = argv.find((word) => Object.hasOwn(COMMANDS, word));
  const help = `see resnet ${command === undefined ? '' : `${command} `}--help`;
  const valueless = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
  if (valueless !== undefined) return new UserError(`--${valueless} needs a value; ${help}`, ExitCode.usage);
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/s.exec(message)?.[1]?.split(', ')[0];
  if (unknown === undefined) return new UserError(`${message.replaceAll('\n', ' ').trim()}; ${help}`, ExitCode.usage);
  const word = argv.find((given) => given.replace(/^-+/, '').split('=')[0] === unknown) ?? unknown;
  const isOption = word.startsWith('-');
  const known = isOption ? Object.keys(COMMANDS[command ?? '']?.flags ?? {}) : Object.keys(COMMANDS);
  const nearest = closestMatch(unknown, known, { maxDistance: Math.min(3, Math.ceil(unknown.length / 2)) });
  const suggestion = nearest === undefined ? '' : `; did you mean ${isOption ? '--' : ''}${nearest}?`;
  return new UserError(`unknown ${isOption ? 'option' : 'command'} ${word}${suggestion}; ${help}`, ExitCode.usage);
}
