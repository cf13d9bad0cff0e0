/** Set-up: installs the native runtime in the cache, unless it is there. */
import { cacheFolder } from '../cache-folder.ts';
import { ExitCode, UserError } from '../errors.ts';
import { setUpCommand } from '../runtime/installed/advice.ts';
import { requireWheels, TENSORFLOW_VERSION } from '../runtime/installed/wheels.ts';
import { writeRuntimeStatus } from './assemble.ts';
import { costOf } from './fetch.ts';
import { installRuntime } from './install.ts';
import { isUsable, type Plan } from './plan.ts';
import { thisPlatform } from './platform.ts';
import type { Progress } from './progress.ts';

/**
 * Carries out a plan. What a failure leaves is in the cache: the tool then says why it computes without TensorFlow.
 *
 * @param signal stops the work and its child processes; temporary folders are removed
 * @returns why the runtime could not be installed, in one line; undefined if it is installed
 * @throws UserError (device) with that line if the user named the runtime; (io) if the cache cannot be written;
 *   `signal.reason` after an abort
 */
export async function setUp(plan: Plan, progress: Progress, signal: AbortSignal): Promise<string | undefined> {
  try {
    await installRuntime(plan, progress, signal);
    return undefined;
  } catch (error) {
    if (signal.aborted) throw error;
    const fault = asUserError(error);
    if (fault === undefined) throw error;
    if (fault.code !== ExitCode.device || plan.explicit) throw fault;
    // Other installs of the tool may read it, so it does not say how this one is called.
    const reason = fault.message.replaceAll(setUpCommand(), 'resnet setup');
    if (!isUsable()) await writeRuntimeStatus({ kind: 'none', reason }).catch(() => {});
    return fault.message;
  }
}

/** The error of the user's that an error is, or that a system error stands for; undefined for a bug. */
function asUserError(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error;
  if (!(error instanceof Error && 'syscall' in error)) return undefined;
  const advice = 'make room, or name another folder in RESNET_CACHE';
  return new UserError(`set-up could not finish in ${cacheFolder()} (${error.message}): ${advice}.`, ExitCode.io, {
    cause: error,
  });
}

/**
 * What a set-up would fetch, for a question: `TensorFlow 2.21.0: 274 MB to fetch, 854 MB on disk`.
 *
 * @throws UserError (device) if there is no TensorFlow for this platform
 */
export function describePlan({ kind }: Plan): string {
  if (kind === 'none') return 'no TensorFlow';
  return `TensorFlow ${TENSORFLOW_VERSION}: ${costOf(requireWheels(thisPlatform(), kind))}`;
}
