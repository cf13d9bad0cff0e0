/** Ctrl-C and its relatives: the first asks politely, the second leaves at once. */
import { constants } from 'node:os';
import { UserError } from '../errors.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type Signal = (typeof SIGNALS)[number];

const codeOf = (name: Signal) => 128 + constants.signals[name];

/**
 * Ends the process by the signal itself, which a shell reports as 128 + n, at once: `process.exit` would wait for what
 * TensorFlow computes on another thread.
 */
function leave(name: Signal): void {
  process.emit('exit', codeOf(name)); // locks are released
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}

/**
 * To be called when everything is done and said. Where a terminal was closed, Node would abort when it restores the
 * terminal's settings (seen with 20.20): then the signal ends the process first.
 */
export function leaveClosedTerminal(exitCode: number): void {
  const hadTerminal = process.stdout.isTTY || process.stderr.isTTY;
  if (exitCode === codeOf('SIGHUP') && hadTerminal) leave('SIGHUP');
}

/**
 * Run `work` with a signal that is aborted by the first SIGINT, SIGTERM or SIGHUP. A second one ends the process at once.
 *
 * @param kept tells, once `work` has stopped, what the user has, and what to do next
 * @throws UserError with the exit code 128 + n, where `work` throws the signal's reason
 */
export async function interruptible<T>(kept: () => string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let stopped: Signal | undefined;
  const handle = (name: Signal) => {
    if (stopped) leave(name);
    process.stderr.write(`\n${name}: stopping after this step\n`);
    stopped = name;
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, handle);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (!stopped || error !== controller.signal.reason) throw error;
    throw new UserError(`stopped by ${stopped}; ${kept()}`, codeOf(stopped));
  } finally {
    for (const name of SIGNALS) process.off(name, handle);
  }
}
