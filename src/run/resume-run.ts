/** Going on with a run: from its last checkpoint, with its settings, at its next batch. */

import { batchesOf } from '../dataset/batches.ts';
import { loadDataset } from '../dataset/source.ts';
import { ExitCode, type Notice, UserError } from '../errors.ts';
import { isFinished } from '../training/training-plan.ts';
import { sizeOfRun } from './folder/run-folder.ts';
import { checkNetwork, checkSizes, claimFolder, type PreparedRun, planOf } from './prepare-run.ts';
import { settlementOf } from './reconcile-folder.ts';
import { locateRun, openResumePoint, type RunPlace } from './resume-point.ts';
import { changesSchedule, changesValidation, compareData, mergeSettings, progressAfter } from './resume-settings.ts';
import { isAveraged, type RunSettings, settingsIn } from './settings.ts';

/** What a run is to be resumed with. */
export interface ResumeRequest {
  /** A checkpoint or a run's folder; undefined for the run in `folder`. */
  readonly from: string | undefined;
  /** What `--checkpoint-dir` and `--name` say; undefined where neither was given. */
  readonly folder: string | undefined;
  /** The folder where neither is given. */
  readonly defaultFolder: string;
  /** What the user said of the settings; all others are the checkpoint's. */
  readonly given: Partial<RunSettings>;
  /** What may change although the run is then another. */
  readonly override: readonly string[];
}

/**
 * Load and check all that is needed to go on with a run. If all its epochs are done, `progress.epochs` says so.
 *
 * @throws UserError as `prepareRun`, and (usage) showing both values of what may not change
 */
export async function prepareResumedRun(request: ResumeRequest, notice: Notice): Promise<PreparedRun> {
  const place = await locateRun(request.from, request.folder, request.defaultFolder);
  const lock = await claimFolder(place.folder, notice);
  try {
    return { ...(await resume(place, request, notice)), folder: place.folder, lock };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function resume(
  place: RunPlace,
  { given, override }: ResumeRequest,
  notice: Notice,
): Promise<Omit<PreparedRun, 'folder' | 'lock'>> {
  const point = await openResumePoint(place);
  const { metadata, path } = point;
  const { settings, changes: told } = mergeSettings(settingsIn(metadata, path), given, override);
  const dataset = loadDataset('train', settings);
  const saved = { sha256: metadata.dataHash, input: metadata.input };
  const found = { sha256: dataset.sha256, input: [dataset.channels, dataset.height, dataset.width] };
  const changes = [...told, ...compareData(saved, found, override)];
  const checked = checkNetwork(settings, dataset);
  const progress = progressAfter(changes, point.progress, settings);
  const epoch = batchesOf(checked.data.train, settings.batchSize);
  const batches = epoch.length;
  const imageCount = epoch.slice(0, progress.batch).reduce((sum, batch) => sum + batch.length, 0);
  if (progress.batch > batches || progress.sums.count !== imageCount) {
    const place = `${progress.batch} steps of an epoch with ${progress.sums.count} images`;
    const problem = `metadata progress: ${place}, but it has ${batches} steps, and so many have ${imageCount} images`;
    throw new UserError(`${path}: ${problem}`, ExitCode.checkpoint);
  }
  const finished = isFinished(progress, settings); // then nothing is written
  if (!finished) {
    await checkSizes(place.folder, checked.parameters, isAveraged(settings), await sizeOfRun(place.folder));
  }
  // In a finished run nothing replaces the best, and nothing is moved.
  const settlement = finished
    ? { best: progress.best, apply: async () => {} }
    : await settlementOf(place.folder, point, changesValidation(changes), new Date(), notice);
  if (progress.batch !== point.progress.batch)
    notice('the epoch that was under way begins anew: its batches are others');
  return {
    settings,
    ...checked,
    state: point.file.state,
    plan: planOf(settings, checked.data),
    progress: { ...progress, best: settlement.best },
    finished,
    resumed: {
      checkpoint: path,
      epoch: progress.epochs + 1,
      batch: progress.batch,
      batches,
      changes,
      ...(changesSchedule(changes, settings) ? { recomputed: settings.schedule } : {}),
      computedOn: metadata.computedOn,
      settle: settlement.apply,
    },
  };
}
