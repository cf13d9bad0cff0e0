/** Ctrl-C and its relatives: the first asks politely, the second leaves at once. */
import { constants } from 'node:os';
import { UserError } from '../errors.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `process.exit` would wait for what TensorFlow computes on another thread. */
function leave(name: (typeof SIGNALS)[number], code: number): void {
  process.emit('exit', code); // locks are released
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}

/**
 * Run `work` with a signal that is aborted by the first SIGINT, SIGTERM or SIGHUP. A second one ends the process at once.
 *
 * @param kept tells, once `work` has stopped, what the user has, and what to do next
 * @throws UserError with the exit code 128 + n, where `work` throws the signal's reason
 */
export async function interruptible<T>(kept: () => string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let stopped: { readonly name: string; readonly code: number } | undefined;
  const handle = (name: (typeof SIGNALS)[number]) => {
    const code = 128 + constants.signals[name];
    if (stopped) leave(name, code);
    process.stderr.write(`\n${name}: stopping after this step\n`);
    stopped = { name, code };
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, handle);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (!stopped || error !== controller.signal.reason) throw error;
    throw new UserError(`stopped by ${stopped.name}; ${kept()}`, stopped.code);
  } finally {
    for (const name of SIGNALS) process.off(name, handle);
  }
}
