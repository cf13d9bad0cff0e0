/** `resnet train`: trains a new run, or resumes one. */
import { checkShared } from '../api/prepare-training.ts';
import { underSettingNames } from '../api/settings.ts';
import { trainAndShow } from '../api/train.ts';
import { clusterOf } from '../cluster/cluster.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { GivenFlags, ReportError } from '../flags/flag.ts';
import { settingsOf } from '../run/settings.ts';
import { LiveLine } from './live-line.ts';
import { interruptible } from './signals.ts';
import { TrainOutput } from './train-output.ts';
import { openerOn } from './watch.ts';
import { launchedWorkers } from './workers/launched.ts';

/** The flags and words that are no settings of `train`. */
interface TrainFlags {
  readonly json?: boolean;
  readonly yes?: boolean;
  /** The word `data`: the same as `--data-dir`. */
  readonly data?: string;
  /** Number of processes that train together on this machine. */
  readonly workers: number;
}

/**
 * Trains a run with Adam and keeps the checkpoint of the best epoch; with `--workers` by several processes.
 *
 * @param given the flags that the user gave: a resumed run takes all other settings from its checkpoint
 * @param report prints an error and sets the exit code
 */
export async function train(flags: TrainFlags, given: GivenFlags, report: ReportError): Promise<void> {
  checkData(flags.data, given);
  if (given.workers !== undefined) checkWorkers(flags.workers, given);
  if (flags.workers > 1) return launch(flags, given);
  const rank = rankOf(given);
  const backend = { isOpen: false };
  try {
    await trainHere(flags, given, rank, () => {
      backend.isOpen = true;
    });
  } catch (error) {
    if (rank === undefined) throw error;
    report(error);
    const { endProcess } = await import('./workers/end-process.ts');
    await endProcess(Number(process.exitCode), backend.isOpen);
  }
}

/** Which of several workers this process is; undefined if it trains alone. */
function rankOf({ cluster, rank, 'control-port': controlPort }: GivenFlags): number | undefined {
  const flags = { cluster, rank, controlPort } as Parameters<typeof clusterOf>[0];
  return clusterOf(flags, process.env)?.rank;
}

/**
 * Trains in this process.
 *
 * @param rank which of several workers it is; undefined: it trains alone
 * @param onOpen called when the backend is about to be opened
 */
async function trainHere(
  { json = false, yes }: TrainFlags,
  given: GivenFlags,
  rank: number | undefined,
  onOpen: () => void,
): Promise<void> {
  const { json: _, data, yes: __, workers: ___, resume, ...flags } = given;
  const isFollower = rank !== undefined && rank > 0;
  const live = await LiveLine.start('loading the data');
  const output = isFollower
    ? new (await import('./workers/follower-output.ts')).FollowerOutput(live)
    : new TrainOutput(live, json, wordsOfWorkers(given));
  const settings = underSettingNames({
    ...flags,
    ...(resume === undefined ? {} : { resume: (resume as { path?: string }).path ?? true }),
    ...(data === undefined ? {} : { 'data-dir': data }),
  });
  const opener = openerOn(live, yes);
  const open: typeof opener = (choice) => {
    onOpen();
    return opener(choice);
  };
  try {
    await interruptible(
      () => output.kept(),
      async (signal) => {
        for await (const event of trainAndShow({ ...settings, signal }, { open, watched: live.visible })) {
          output.event(event);
        }
      },
    );
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== ExitCode.lost || isFollower) throw error;
    throw new UserError(`${error.message}; ${output.kept()}`, error.code, { cause: error });
  } finally {
    live.stop();
  }
}

/** Starts the workers. What asks or takes its time is done once, before any of them is there. */
async function launch({ workers, yes }: TrainFlags, given: GivenFlags): Promise<void> {
  const { setUpAtFirstUse } = await import('./setup/first-use.ts');
  const live = await LiveLine.start('starting the workers');
  try {
    await setUpAtFirstUse({ backend: 'tensorflow', yes }, live);
  } finally {
    live.stop();
  }
  const { launchWorkers } = await import('./workers/launch.ts');
  await launchWorkers(workers, process.argv.slice(2), given.device);
}

/** @throws UserError (usage) if the data are named by the word and by the flag */
function checkData(data: string | undefined, given: GivenFlags): void {
  if (data === undefined || given['data-dir'] === undefined) return;
  throw new UserError(
    `the data are named twice, ${JSON.stringify(data)} and --data-dir ${JSON.stringify(given['data-dir'])}: leave one out`,
    ExitCode.usage,
  );
}

/** @throws UserError (usage) if `--workers` contradicts other flags or the environment */
function checkWorkers(workers: number, given: GivenFlags): void {
  const refuse = (other: string, what: string) => {
    throw new UserError(`--workers ${workers} starts all workers itself, and ${other} ${what}`, ExitCode.usage);
  };
  for (const name of ['cluster', 'rank', 'control-port']) {
    if (given[name] !== undefined) refuse(`--${name}`, 'is about workers that are started one by one: leave one out');
  }
  if (workers === 1) return;
  if (process.env.TF_CONFIG) refuse('TF_CONFIG', 'names others: unset it, or leave --workers out');
  checkShared(given['dry-run'] === true, settingsOf(given));
}

/** The words by which a run is resumed with the same workers. */
function wordsOfWorkers(given: GivenFlags): string {
  const launched = launchedWorkers();
  if (launched !== undefined) return `--workers ${launched}`;
  const { cluster, rank, 'control-port': port } = given as { cluster?: readonly string[]; [name: string]: unknown };
  if (cluster === undefined) return '';
  return `--cluster ${cluster.join(',')} --rank ${rank}${port === undefined ? '' : ` --control-port ${port}`}`;
}
