/** The part of set-up that is about the native runtime; `setup.js` calls it once the TypeScript is compiled. */
import { ExitCode, UserError } from '../src/errors.ts';
import { writeRuntimeStatus } from './assemble.ts';
import { isInPlace, isUsable, planRuntime } from './plan.ts';

/**
 * Installs the runtime that is wanted, unless it is there. Prints on standard error, and nothing if there was nothing to do.
 *
 * @param root the project's folder
 * @returns the exit code: a failure counts only where `RESNET_RUNTIME` named the runtime, else the tool does without
 * @throws what is no fault of the machine or the user, and `signal.reason` once aborted
 */
export async function setUpRuntime(root: string, signal: AbortSignal): Promise<number> {
  try {
    const plan = planRuntime(root);
    if (isInPlace(plan)) return ExitCode.ok;
    // Imported here because most runs end above, and ora and yauzl take longer to load than that check.
    const [{ installRuntime }, { showProgress }] = await Promise.all([import('./install.ts'), import('./progress.ts')]);
    const progress = showProgress();
    try {
      await installRuntime(root, plan, progress, signal);
      progress.stop(true);
      return ExitCode.ok;
    } catch (error) {
      progress.stop(false);
      const reason = explain(error);
      if (signal.aborted || reason === undefined) throw error;
      if (!isUsable()) writeRuntimeStatus({ kind: 'none', fingerprint: plan.fingerprint, reason });
      if (plan.explicit) throw new UserError(reason, ExitCode.device);
      const until = isUsable() ? 'runtime installed before' : 'portable WebAssembly backend';
      process.stderr.write(`${reason} Until then the tool runs on the ${until}.\n`);
      return ExitCode.ok;
    }
  } catch (error) {
    const reason = explain(error);
    if (reason === undefined) throw error;
    process.stderr.write(`${reason}\n`);
    return error instanceof UserError ? error.code : ExitCode.io;
  }
}

/** @returns one line for a failure that has its cause outside this program: a user error, or what the system refused */
function explain(error: unknown): string | undefined {
  if (error instanceof UserError) return error.message;
  if (error instanceof Error && 'syscall' in error) return `set-up could not finish: ${error.message}.`;
  return undefined;
}
