/** `resnet train`: trains a new run, or resumes one. */
import { checkShared } from '../api/prepare-training.ts';
import { underSettingNames } from '../api/settings.ts';
import { trainAndShow } from '../api/train.ts';
import { clusterOf } from '../cluster/cluster.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { GivenFlags, ReportError } from '../flags/flag.ts';
import { checkBatchShared } from '../run/checks.ts';
import { resolveSettings } from '../run/recipes.ts';
import { settingsOf } from '../run/settings.ts';
import { LiveLine } from './live-line.ts';
import { interruptible } from './signals.ts';
import { TrainOutput } from './train-output.ts';
import { openerOn } from './watch.ts';
import { launchedWorkers } from './workers/launched.ts';
import { asWorker, startsWorkers, startWorkers } from './workers/start.ts';

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
  if (startsWorkers(flags.workers, given)) {
    const settings = settingsOf(given);
    const { batchSize } = given.resume === undefined ? resolveSettings(settings) : settings;
    if (batchSize !== undefined) checkBatchShared(batchSize, flags.workers);
    checkShared(given['dry-run'] === true, settings);
    return startWorkers(flags.workers, { yes: flags.yes, device: given.device });
  }
  const rank = rankOf(given);
  await asWorker(rank, report, () => trainHere(flags, given, rank));
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
 */
async function trainHere(
  { json = false, yes }: TrainFlags,
  given: GivenFlags,
  rank: number | undefined,
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
  const open = openerOn(live, yes);
  try {
    await interruptible(
      () => output.kept(),
      async (signal) => {
        for await (const event of trainAndShow({ ...settings, signal }, { open, watched: live.visible })) {
          output.event(event);
        }
      },
      () => output.isPrepared,
    );
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== ExitCode.lost || isFollower) throw error;
    throw new UserError(`${error.message}; ${output.kept()}`, error.code, { cause: error });
  } finally {
    live.stop();
  }
}

/** @throws UserError (usage) if the data are named by the word and by the flag */
function checkData(data: string | undefined, given: GivenFlags): void {
  if (data === undefined || given['data-dir'] === undefined) return;
  throw new UserError(
    `the data are named twice, ${JSON.stringify(data)} and --data-dir ${JSON.stringify(given['data-dir'])}: leave one out`,
    ExitCode.usage,
  );
}

/** The words by which a run is resumed with the same workers. */
function wordsOfWorkers(given: GivenFlags): string {
  const launched = launchedWorkers();
  if (launched !== undefined) return `--workers ${launched}`;
  const { cluster, rank, 'control-port': port } = given as { cluster?: readonly string[]; [name: string]: unknown };
  if (cluster === undefined) return '';
  return `--cluster ${cluster.join(',')} --rank ${rank}${port === undefined ? '' : ` --control-port ${port}`}`;
}
