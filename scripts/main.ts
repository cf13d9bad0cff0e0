/**
 * The second part of set-up, which installs the native runtime; `setup.js` calls it when the TypeScript is compiled.
 */
import { accessSync, constants } from 'node:fs';
import { ExitCode, UserError } from '../src/errors.ts';
import { runtimeLocations } from '../src/runtime/locations.ts';
import { adviceInForeignClone } from '../src/runtime/permissions.ts';
import { writeRuntimeStatus } from './assemble.ts';
import { isInPlace, isUsable, planRuntime } from './plan.ts';

/**
 * Installs the wanted runtime unless it is in place. Prints on standard error, and nothing if there is nothing to do.
 *
 * @param root the project's folder
 * @returns the exit code. A failure is an error only if `RESNET_RUNTIME` names the runtime; otherwise the program runs
 *   without it
 * @throws errors that are bugs; `signal.reason` after an abort
 */
export async function setUpRuntime(root: string, signal: AbortSignal): Promise<number> {
  try {
    const plan = planRuntime(root);
    if (isInPlace(plan)) return ExitCode.ok;
    // Imported here because most set-ups end above, and ora and yauzl take longer to load than that check.
    const [{ installRuntime }, { showProgress }] = await Promise.all([import('./install.ts'), import('./progress.ts')]);
    accessSync(runtimeLocations().package, constants.W_OK); // before anything is fetched
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

/**
 * One line about a failure whose cause is outside this program (a UserError or a system error); undefined for a bug.
 */
function explain(error: unknown): string | undefined {
  if (error instanceof UserError) return error.message;
  if (error instanceof Error && 'syscall' in error) {
    const { code } = error as NodeJS.ErrnoException;
    return `set-up could not finish: ${error.message}${code === 'EACCES' ? `; ${adviceInForeignClone() ?? 'RESNET_CACHE may name another folder'}` : ''}.`;
  }
  return undefined;
}
