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
 * Run `work` with a signal that is aborted by the first SIGINT, SIGTERM or SIGHUP, its reason a `UserError` with the
 * exit code 128 + n. A second one ends the process at once.
 *
 * @param kept tells, when it is asked, what the user still has
 */
export async function interruptible<T>(kept: () => string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const handle = (name: (typeof SIGNALS)[number]) => {
    const code = 128 + constants.signals[name];
    if (controller.signal.aborted) leave(name, code);
    process.stderr.write(`\n${name}: stopping after this step\n`);
    controller.abort(new UserError(`stopped by ${name}; ${kept()}`, code));
  };
  for (const name of SIGNALS) process.on(name, handle);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, handle);
  }
}
