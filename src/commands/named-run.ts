/** The run that a command line names, as a word or by `--checkpoint`. */
import { ExitCode, UserError } from '../errors.ts';
import { printable } from '../printable.ts';
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
export function namedRun({ run, checkpoint, 'checkpoint-dir': parent }: RunFlags): Promise<RunPlace> {
  if (run !== undefined && checkpoint !== undefined) {
    throw new UserError(
      `${JSON.stringify(run)} and --checkpoint ${JSON.stringify(checkpoint)} each name a run: give one of them`,
      ExitCode.usage,
    );
  }
  return findRun(run ?? checkpoint, parent, (message) => process.stderr.write(`${printable(message)}\n`));
}
