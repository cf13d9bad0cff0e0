/** What commands of several workers have in common: how the workers are started, and how the process of one ends. */
import { workersOfTfConfig } from '../../cluster/tf-config.ts';
import { ExitCode, UserError } from '../../errors.ts';
import type { GivenFlags, ReportError } from '../../flags/flag.ts';
import { whyMissing } from '../../runtime/open.ts';
import { LiveLine } from '../live-line.ts';

/**
 * Whether `--workers` has this process start others.
 *
 * @param count the value of `--workers`
 * @throws UserError (usage) if `--workers` contradicts other flags or the environment
 */
export function startsWorkers(count: number, given: GivenFlags): boolean {
  if (given.workers === undefined) return false;
  const refuse = (other: string, what: string) => {
    throw new UserError(`--workers ${count} starts all workers itself, and ${other} ${what}`, ExitCode.usage);
  };
  for (const name of ['cluster', 'rank', 'control-port']) {
    if (given[name] !== undefined) refuse(`--${name}`, 'is about workers that are started one by one: leave one out');
  }
  const others = workersOfTfConfig(process.env.TF_CONFIG ?? '')?.addresses ?? [];
  if (others.length > 1) refuse('TF_CONFIG', `names a cluster of ${others.length}: unset it, or leave --workers out`);
  return count > 1;
}

/**
 * Starts the workers of this command line. What asks or takes its time is done once, before any of them is there.
 *
 * @throws UserError (device) if TensorFlow is not installed, (usage) as `launchWorkers`
 */
export async function startWorkers(
  count: number,
  { yes, device }: { readonly yes?: boolean | undefined; readonly device?: unknown },
): Promise<void> {
  const { setUpAtFirstUse } = await import('../setup/first-use.ts');
  const live = await LiveLine.start('starting the workers');
  try {
    await setUpAtFirstUse({ backend: 'tensorflow', yes }, live);
  } finally {
    live.stop();
  }
  const missing = whyMissing();
  if (missing !== undefined) throw new UserError(`several workers need TensorFlow: ${missing}`, ExitCode.device);
  const { launchWorkers } = await import('./launch.ts');
  await launchWorkers(count, process.argv.slice(2), device);
}

/**
 * Does the work of a process that may be one of several workers. If it fails as one of them, it prints the error and ends
 * the process, which a native call may hold.
 *
 * @param rank undefined: it works alone, and its error is thrown
 */
export async function asWorker(
  rank: number | undefined,
  report: ReportError,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (rank === undefined) throw error;
    report(error);
    const { endProcess } = await import('./end-process.ts');
    await endProcess(Number(process.exitCode));
  }
}
