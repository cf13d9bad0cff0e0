/** `resnet train`: trains a new run, or resumes one. */
import { join, resolve } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import type { GivenFlags } from '../flags/flag.ts';
import { memoryCheck } from '../memory/check.ts';
import { printable } from '../printable.ts';
import { findRun, modelAt } from '../run/folder/find-run.ts';
import { type PreparedRun, prepareRun } from '../run/prepare-run.ts';
import { resolveSettings } from '../run/recipes.ts';
import { locateRun } from '../run/resume/resume-point.ts';
import { prepareResumedRun } from '../run/resume/resume-run.ts';
import { type RunSettings, settingsOf } from '../run/settings.ts';
import { startRun } from '../run/start-run.ts';
import { LiveLine } from './live-line.ts';
import { loadHooks } from './load-hooks.ts';
import { openWithNotice } from './open-runtime.ts';
import { interruptible } from './signals.ts';
import { TrainOutput } from './train-output.ts';

/** The flags that are not settings of the run. `resolveSettings` reads the others. */
interface TrainFlags {
  readonly 'checkpoint-dir': string;
  readonly name?: string;
  readonly resume?: { readonly path?: string };
  readonly override?: readonly string[];
  readonly 'keep-earlier'?: number;
  readonly 'dry-run'?: boolean;
  readonly 'no-memory-check'?: boolean;
  readonly json?: boolean;
  /** The word `data`: the same as `--data-dir`. */
  readonly data?: string;
}

/**
 * Trains a run with Adam and keeps the checkpoint of the best epoch.
 *
 * @param flags all flags, with their defaults
 * @param given the flags that the user gave: a resumed run takes all other settings from its checkpoint
 */
export async function train(flags: TrainFlags, given: GivenFlags): Promise<void> {
  const live = await LiveLine.start('loading the data');
  const notice = (message: string) => live.note(`${printable(message)}\n`);
  const output = new TrainOutput(live, flags.json ?? false);
  let run: PreparedRun | undefined;
  try {
    await interruptible(
      () => output.kept(),
      async (signal) => {
        run = await prepare(flags, given, loadHooks(live, signal));
        if (run.finished) return output.finished(run);
        live.update('loading the backend');
        const runtime = await openWithNotice(run.settings, live);
        output.begin(run);
        const onEvent = output.event.bind(output);
        const keepEarlier = flags['keep-earlier'];
        await startRun(run, runtime, { onEvent, notice, watched: live.visible, signal, keepEarlier });
      },
    );
  } finally {
    live.stop();
    await run?.lock?.release();
  }
}

/** Prepares a new run, or with `--resume` the run that it names. */
async function prepare(
  flags: TrainFlags,
  given: GivenFlags,
  hooks: ReturnType<typeof loadHooks>,
): Promise<PreparedRun> {
  const { notice } = hooks;
  const { resume, override, 'checkpoint-dir': parent, name, 'dry-run': dryRun = false } = flags;
  if (dryRun && flags['keep-earlier'] !== undefined) {
    throw new UserError('--keep-earlier removes files, and --dry-run writes nothing: leave one out', ExitCode.usage);
  }
  if (flags.data !== undefined && given['data-dir'] !== undefined) {
    throw new UserError(
      `the data are named twice, ${JSON.stringify(flags.data)} and --data-dir ${JSON.stringify(given['data-dir'])}: leave one out`,
      ExitCode.usage,
    );
  }
  const wanted = flags.data === undefined ? settingsOf(given) : { ...settingsOf(given), dataDir: flags.data };
  const checkMemory = memoryCheck(flags['no-memory-check'], notice);
  if (resume === undefined) {
    if (override) throw new UserError('--override goes with --resume only: leave it out', ExitCode.usage);
    const settings = resolveSettings(withFoundPaths(wanted, await initOf(given, parent, notice)));
    return prepareRun(settings, name === undefined ? parent : join(parent, name), dryRun, checkMemory, hooks);
  }
  if (dryRun) throw new UserError('--dry-run goes with a new run only: leave it or --resume out', ExitCode.usage);
  const isParentGiven = given['checkpoint-dir'] !== undefined;
  const place = await locateRun({ run: resume.path, name, parent, isParentGiven }, notice);
  // The weights are not read again, only compared by name, so they need not exist any more.
  const init = await initOf(given, parent, notice).catch(() => settingsOf(given).init);
  const request = { place, given: withFoundPaths(wanted, init), override: override ?? [] };
  return prepareResumedRun(request, checkMemory, hooks);
}

/** The checkpoint that `--init` stands for. */
async function initOf(given: GivenFlags, parent: string, notice: (message: string) => void) {
  const { init } = settingsOf(given);
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
