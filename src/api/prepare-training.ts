/** Prepares a run by the settings of a caller: a new one, or one to resume. */
import { join, resolve } from 'node:path';
import type { LoadHooks } from '../dataset/load.ts';
import { ExitCode, type Notice, UserError } from '../errors.ts';
import { memoryCheck } from '../memory/check.ts';
import { findRun, modelAt } from '../run/folder/find-run.ts';
import { type PreparedRun, prepareRun } from '../run/prepare-run.ts';
import { resolveSettings } from '../run/recipes.ts';
import { locateRun } from '../run/resume/resume-point.ts';
import { prepareResumedRun } from '../run/resume/resume-run.ts';
import { type RunSettings, settingsOf } from '../run/settings.ts';
import { ALONE, type WorkerPlace } from '../run/workers/worker-place.ts';
import { refuseSwitchedOff } from '../runtime/open.ts';

/** The flags that are not settings of the run. `resolveSettings` reads the others. */
export interface TrainFlags {
  readonly 'checkpoint-dir': string;
  readonly name?: string;
  readonly resume?: { readonly path?: string };
  readonly override?: readonly string[];
  readonly 'keep-earlier'?: number;
  readonly 'dry-run'?: boolean;
  readonly cluster?: readonly string[];
  readonly rank?: number;
  readonly 'control-port'?: number;
  readonly 'start-limit'?: number;
  readonly 'no-memory-check'?: boolean;
}

/**
 * Prepares a new run, or with `resume` the run that it names.
 *
 * @param flags all flags, with their defaults
 * @param given the flags that were given: a resumed run takes all other settings from its checkpoint
 * @param worker this process's place among the workers; default: it trains alone
 * @throws UserError (usage) if flags contradict each other, else as `prepareRun` and `prepareResumedRun`
 */
export async function prepareTraining(
  flags: TrainFlags,
  given: Readonly<Record<string, unknown>>,
  hooks: LoadHooks & { readonly notice: Notice },
  worker: WorkerPlace = ALONE,
): Promise<PreparedRun> {
  const { notice } = hooks;
  const { resume, override, 'checkpoint-dir': parent, name, 'dry-run': dryRun = false } = flags;
  if (dryRun && flags['keep-earlier'] !== undefined) {
    throw new UserError('--keep-earlier removes files, and --dry-run writes nothing: leave one out', ExitCode.usage);
  }
  const wanted = settingsOf(given);
  if (worker.count > 1) checkShared(dryRun, wanted);
  const checkMemory = memoryCheck(flags['no-memory-check'], notice);
  if (resume === undefined) {
    if (override) throw new UserError('--override goes with --resume only: leave it out', ExitCode.usage);
    const settings = resolveSettings(withFoundPaths(wanted, await initOf(wanted, parent, notice)));
    return prepareRun(settings, name === undefined ? parent : join(parent, name), dryRun, checkMemory, hooks, worker);
  }
  if (dryRun) throw new UserError('--dry-run goes with a new run only: leave it or --resume out', ExitCode.usage);
  const isParentGiven = given['checkpoint-dir'] !== undefined;
  const place = await locateRun({ run: resume.path, name, parent, isParentGiven }, notice);
  // The weights are not read again, only compared by name, so they need not exist any more.
  const init = await initOf(wanted, parent, notice).catch(() => wanted.init);
  const request = { place, given: withFoundPaths(wanted, init), override: override ?? [], worker };
  return prepareResumedRun(request, checkMemory, hooks);
}

/**
 * Checks what workers cannot do together.
 *
 * @throws UserError (usage) naming the flag to leave out, (device) if TensorFlow is switched off
 */
export function checkShared(dryRun: boolean, { opByOp, backend }: Partial<RunSettings>): void {
  const refuse = (what: string, why: string) => {
    throw new UserError(`${what} goes with one process only: ${why}; leave it out, or train with one`, ExitCode.usage);
  };
  if (dryRun) refuse('--dry-run', 'its single batch is not worth sharing');
  if (opByOp) refuse('--no-compile', 'workers add their gradients up inside the graph of a step');
  if (backend === 'wasm') refuse('--backend wasm', "workers add their gradients up by TensorFlow's own collectives");
  refuseSwitchedOff();
}

/** The checkpoint that `--init` stands for. */
async function initOf({ init }: Partial<RunSettings>, parent: string, notice: Notice): Promise<string | undefined> {
  return init === undefined ? undefined : modelAt(await findRun(init, parent, notice));
}

/** Settings with the path that `--init` stands for, and absolute ones to the data: a run may be resumed elsewhere. */
function withFoundPaths(settings: Partial<RunSettings>, init: string | undefined): Partial<RunSettings> {
  const { dataDir, classNames } = settings;
  return {
    ...settings,
    ...(init === undefined ? {} : { init }),
    ...(dataDir === undefined ? {} : { dataDir: resolve(dataDir) }),
    ...(classNames === undefined ? {} : { classNames: resolve(classNames) }),
  };
}
