/** Runs set-up for a command, with its steps on standard error: a spinner on a terminal, elsewhere one line a step. */
import { ExitCode, UserError } from '../../errors.ts';
import { whyUnreadable } from '../../runtime/installed/permissions.ts';
import { isInPlace, isUsable, type Plan, planRuntime } from '../../setup/plan.ts';

/**
 * Installs the planned runtime unless it is in place. Prints nothing if there is nothing to do.
 *
 * @returns why it could not be installed, in one line; undefined if it is in place
 * @throws UserError (io) if a cache that is there cannot be read, else as `setUp`
 */
export async function runSetUp(plan: Plan, signal: AbortSignal): Promise<string | undefined> {
  if (isInPlace(plan)) return undefined;
  const unreadable = whyUnreadable();
  if (unreadable !== undefined) throw new UserError(`TensorFlow cannot be set up: ${unreadable}`, ExitCode.io);
  // Imported here because most set-ups end above, and ora and yauzl take longer to load than that check.
  const [{ setUp }, { showProgress }] = await Promise.all([import('../../setup/set-up.ts'), import('./progress.ts')]);
  const progress = showProgress();
  let isDone = false;
  try {
    const reason = await setUp(plan, progress, signal);
    isDone = reason === undefined;
    return reason;
  } finally {
    progress.stop(isDone);
  }
}

/**
 * The second part of `npm run setup` in a clone; `scripts/setup.js` calls it when the TypeScript is compiled. A failure
 * is an error only if `RESNET_RUNTIME` names the runtime; otherwise the tool runs without it.
 *
 * @returns the exit code
 * @throws errors that are bugs; `signal.reason` after an abort
 */
export async function setUpClone(signal: AbortSignal): Promise<number> {
  try {
    const reason = await runSetUp(planRuntime(), signal);
    const until = isUsable() ? 'runtime installed before' : 'portable WebAssembly backend';
    if (reason !== undefined) process.stderr.write(`${reason} Until then the tool runs on the ${until}.\n`);
    return ExitCode.ok;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.code;
  }
}
