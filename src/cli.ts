/** The command line: parses, dispatches, and is the only place that catches, prints an error and sets the exit code. */
import { closestMatch } from 'leven';
import yargs from 'yargs';
import { EVAL_FLAGS, type Flags, readFlags, SUMMARY_FLAGS, TRAIN_FLAGS, yargsOptions } from './commands/options.ts';
import { ExitCode, UserError } from './errors.ts';
import { toolVersion } from './version.ts';

interface Command {
  readonly describe: string;
  readonly flags: Flags;
  /** Loads the command's own modules only when it is run: `summary` never waits for TensorFlow. */
  readonly run: (flags: never) => Promise<void>;
}

const COMMANDS: Record<string, Command> = {
  summary: {
    describe: 'Print the shape of the data after every layer, and the parameters',
    flags: SUMMARY_FLAGS,
    run: async (flags) => (await import('./commands/summary.ts')).summary(flags),
  },
  train: {
    describe: 'Train on MNIST by Adam and keep the best validation checkpoint',
    flags: TRAIN_FLAGS,
    run: async (flags) => (await import('./commands/train.ts')).train(flags),
  },
  eval: {
    describe: 'Report the accuracy of a checkpoint on the test images',
    flags: EVAL_FLAGS,
    run: async (flags) => (await import('./commands/eval.ts')).evaluate(flags),
  },
};

/**
 * Run the tool.
 *
 * @param argv the words after the program's name
 */
export async function main(argv: string[]): Promise<void> {
  // A reader who has gone (`| head -1`) is no fault of ours, and training goes on without one.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  try {
    await parse(argv);
  } catch (error) {
    report(error);
  }
}

async function parse(argv: string[]): Promise<void> {
  const parser = yargs(argv)
    .scriptName('resnet')
    .usage('resnet: train a ResNet-18 on MNIST, on TensorFlow, from Node')
    .parserConfiguration({ 'parse-numbers': false, 'dot-notation': false, 'duplicate-arguments-array': false })
    .locale('en')
    .version(toolVersion())
    .demandCommand(1, 1, 'a command is needed')
    .strict()
    .exitProcess(false)
    .epilogue('Exit codes: 1 bug, 2 usage, 3 data, 4 checkpoint, 5 I/O, 6 diverged, 8 no such device or runtime')
    .fail((message, error) => {
      throw error && error.name !== 'YError' ? error : usageError(message ?? error?.message, argv);
    });
  for (const [name, { describe, flags, run }] of Object.entries(COMMANDS)) {
    parser.command(name, describe, yargsOptions(flags), (parsed) => run(readFlags(flags, parsed) as never));
  }
  await parser.parseAsync();
}

/** yargs's complaint in the house's form: the word received, and the nearest one that would have been right. */
function usageError(message: string, argv: readonly string[]): UserError {
  const command = argv.find((word) => word in COMMANDS);
  const help = `see resnet ${command === undefined ? '' : `${command} `}--help`;
  const valueless = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
  if (valueless !== undefined) return new UserError(`--${valueless} needs a value; ${help}`, ExitCode.usage);
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/.exec(message)?.[1]?.split(', ')[0];
  if (unknown === undefined) return new UserError(`${message.replaceAll('\n', ' ').trim()}; ${help}`, ExitCode.usage);
  const word = argv.find((given) => given.replace(/^-+/, '').split('=')[0] === unknown) ?? unknown;
  const isOption = word.startsWith('-');
  const known = isOption ? Object.keys(COMMANDS[command ?? '']?.flags ?? {}) : Object.keys(COMMANDS);
  const nearest = closestMatch(unknown, known, { maxDistance: Math.min(3, Math.ceil(unknown.length / 2)) });
  const suggestion = nearest === undefined ? '' : `; did you mean ${isOption ? '--' : ''}${nearest}?`;
  return new UserError(`unknown ${isOption ? 'option' : 'command'} ${word}${suggestion}; ${help}`, ExitCode.usage);
}

function report(error: unknown): void {
  const debug = process.env.RESNET_DEBUG === '1';
  if (error instanceof UserError) {
    process.stderr.write(`resnet: ${error.message}\n${debug ? `${error.stack}\n` : ''}`);
    process.exitCode = error.code;
  } else {
    const trace = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`resnet: this is a bug in resnet; please report it with what follows\n${trace}\n`);
    process.exitCode = ExitCode.bug;
  }
}
