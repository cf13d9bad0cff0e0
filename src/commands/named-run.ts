/** The run that a command line names, as a word or by `--checkpoint`. */
import { ExitCode, UserError } from '../errors.ts';
import type { GivenFlags } from '../flags/flag.ts';
import { printable } from '../printable.ts';
import { findModel } from '../run/folder/boxed-model.ts';
import { findRun, type RunPlace } from '../run/folder/find-run.ts';

/** The flags and words by which a command names a run; see `runWords` and `runFlags`. */
export interface RunFlags {
  readonly run?: string;
  readonly checkpoint?: string;
  readonly 'checkpoint-dir': string;
  /** Key of a PyTorch file; see `LoadOptions`. */
  readonly from?: string;
}

/**
 * Finds the run that a command line names: to be called before anything is drawn on standard error.
 *
 * @throws UserError (usage) if it names two, else as `findRun`
 */
export async function namedRun(flags: RunFlags): Promise<RunPlace> {
  return findRun(nameIn(flags), flags['checkpoint-dir'], printNotice);
}

/**
 * Finds the model that a command line names, as `namedRun`; where it names none and there is no run, the model that comes
 * with this tool, which a line on standard error says.
 *
 * @param given the flags that the user gave
 * @throws UserError (usage) if it names two, else as `findModel`
 */
export async function namedModel(flags: RunFlags, given: GivenFlags): Promise<RunPlace> {
  const parent = given['checkpoint-dir'] === undefined ? undefined : flags['checkpoint-dir'];
  return findModel(nameIn(flags), parent, printNotice);
}

/** @throws UserError (usage) if a command line names two runs */
function nameIn({ run, checkpoint }: RunFlags): string | undefined {
  if (run === undefined || checkpoint === undefined) return run ?? checkpoint;
  throw new UserError(
    `${JSON.stringify(run)} and --checkpoint ${JSON.stringify(checkpoint)} each name a run: give one of them`,
    ExitCode.usage,
  );
}

function printNotice(message: string): void {
  process.stderr.write(`${printable(message)}\n`);
}
