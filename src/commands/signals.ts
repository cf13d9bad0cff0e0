/**
 * SIGINT (Ctrl-C), SIGTERM, SIGHUP: the first stops the work after its current step, a second ends the process at once.
 */
import { constants } from 'node:os';
import { UserError } from '../errors.ts';
import { hearLauncher, launchedWorkers } from './workers/launched.ts';

export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type Signal = (typeof SIGNALS)[number];

const codeOf = (name: Signal) => 128 + constants.signals[name];

/**
 * Ends the process at once, by the signal itself, which a shell reports as 128 + n. `process.exit` would wait for the
 * step that TensorFlow computes on another thread.
 */
function dieBy(name: Signal): void {
  process.emit('exit', codeOf(name)); // releases locks
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}

/**
 * Ends a process whose terminal was closed; to be called after all other work. Node would abort when it restores the
 * settings of the closed terminal (seen with 20.20), so the signal ends the process first.
 */
export function leaveClosedTerminal(exitCode: number): void {
  const hadTerminal = process.stdout.isTTY || process.stderr.isTTY;
  if (exitCode === codeOf('SIGHUP') && hadTerminal) dieBy('SIGHUP');
}

/** The signal of the work that is being done; undefined if none is. */
let active: AbortSignal | undefined;

/**
 * Runs `work` with an abort signal, which the first SIGINT, SIGTERM or SIGHUP aborts. A second ends the process at
 * once. Work within other work has its signal, and leaves the message to it.
 *
 * @param kept returns the end of the message after `work` has stopped: what was saved, and what to do next
 * @param hasSteps whether `work` is among steps, the present one of which it ends; default: always
 * @throws UserError (128 + n) for signal n, if `work` throws the abort signal's reason
 */
export async function interruptible<T>(
  kept: () => string,
  work: (signal: AbortSignal) => Promise<T>,
  hasSteps: () => boolean = () => true,
): Promise<T> {
  if (active !== undefined) return work(active);
  const controller = new AbortController();
  active = controller.signal;
  let stopped: Signal | undefined;
  const stop = (name: Signal, why: string = name) => {
    process.stderr.write(`\n${why}: stopping${hasSteps() ? ' after this step' : ''}\n`);
    stopped = name;
    // The other workers of a run are told this error.
    controller.abort(new UserError(`stopped by ${why}`, codeOf(name)));
  };
  const handle = (name: Signal) => {
    if (!stopped) return stop(name);
    // A terminal sends its signals to a launcher and to its workers, and the launcher passes them on and counts them.
    if (launchedWorkers() === undefined || name === 'SIGTERM') dieBy(name);
  };
  for (const name of SIGNALS) process.on(name, handle);
  const hearNoMore = hearLauncher(
    ({ press, again }) => {
      if (again) dieBy(press as Signal);
      else if (!stopped) stop(press as Signal);
    },
    () => {
      if (!stopped) stop('SIGHUP', 'the end of its launcher');
    },
  );
  try {
    return await work(controller.signal);
  } catch (error) {
    if (!stopped || error !== controller.signal.reason) throw error;
    const { message, code } = controller.signal.reason as UserError;
    throw new UserError(`${message}; ${kept()}`, code);
  } finally {
    active = undefined;
    hearNoMore();
    for (const name of SIGNALS) process.off(name, handle);
  }
}
