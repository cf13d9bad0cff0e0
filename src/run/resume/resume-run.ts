/** Prepares a run to resume: from its last checkpoint, with its settings, at its next batch. */
import type { CheckpointMetadata } from '../../checkpoint/metadata.ts';
import type { Progress } from '../../checkpoint/progress.ts';
import { batchesOf } from '../../dataset/batches.ts';
import { type DataChoice, type LoadHooks, loadDataset } from '../../dataset/load.ts';
import { backgroundWarning } from '../../dataset/sense.ts';
import { fillAll } from '../../dataset/statistics.ts';
import { ExitCode, type Notice, UserError } from '../../errors.ts';
import { choiceFor, modelDataOf } from '../../evaluation/model-data.ts';
import type { CheckMemory } from '../../memory/check.ts';
import { isFinished } from '../../training/training-plan.ts';
import { checkFrozen, checkNewThaw, checkSizes, checkWarmup } from '../checks.ts';
import type { RunPlace } from '../folder/find-run.ts';
import { RUN_FILES } from '../folder/run-files.ts';
import { sizeOfRun } from '../folder/run-folder.ts';
import { checkNetwork, claimFolder, type PreparedRun, planOf } from '../prepare-run.ts';
import { classesOf, givenClassWeights } from '../settings/class-weights.ts';
import { dataChoiceOf, resumedPreparation } from '../settings/for-data.ts';
import { decidedFor } from '../settings/workers.ts';
import { inOrder, isAveraged, type RunSettings, settingsIn } from '../settings.ts';
import { ALONE, isFollower, type WorkerPlace } from '../workers/worker-place.ts';
import { reconciliationOf } from './reconcile-folder.ts';
import { openResumePoint } from './resume-point.ts';
import { changesSchedule, compareData, haveEffect, mergeSettings, progressAfter } from './resume-settings.ts';

/** Which run to resume, and the settings that the user gave for it. */
interface ResumeRequest {
  /** The run's folder, or the checkpoint in it that the user named; see `locateRun`. */
  readonly place: RunPlace;
  /** The settings that the user gave; all others are the checkpoint's. */
  readonly given: Partial<RunSettings>;
  /** The names that `--override` gave: settings that may change although it is then a different run. */
  readonly override: readonly string[];
  /** This process's place among the workers; one that follows only reads the run's folder; default: it trains alone. */
  readonly worker?: WorkerPlace;
}

/**
 * Loads and checks all that a run needs to resume. `finished` says whether no epoch is left to train.
 *
 * @throws UserError as `prepareRun`, and (usage) showing both values of a setting that may not change
 */
export async function prepareResumedRun(
  request: ResumeRequest,
  checkMemory: CheckMemory,
  hooks: LoadHooks & { readonly notice: Notice },
): Promise<PreparedRun> {
  const { place, worker = ALONE } = request;
  if (isFollower(worker)) {
    return { ...(await resume(request, checkMemory, hooks)), folder: undefined, lock: undefined };
  }
  const lock = await claimFolder(place.folder, hooks.notice);
  try {
    return { ...(await resume(request, checkMemory, hooks)), folder: place.folder, lock };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function resume(
  { place, given, override, worker = ALONE }: ResumeRequest,
  checkMemory: CheckMemory,
  hooks: LoadHooks & { readonly notice: Notice },
): Promise<Omit<PreparedRun, 'folder' | 'lock'>> {
  const { notice } = hooks;
  const point = await openResumePoint(place);
  const { metadata, path } = point;
  const weightsFor = await givenClassWeights(given.classWeights);
  const classWeights = weightsFor(classesOf({ ...metadata.architecture, classNames: metadata.classNames }));
  const { settings: merged, changes: changedSettings } = mergeSettings(
    settingsIn(metadata, path),
    { ...withoutAuto(given), classWeights },
    override,
  );
  const settings = inOrder(decidedFor(merged, worker.count));
  checkWarmup(settings);
  checkFrozen(settings);
  checkNewThaw(changedSettings, settings, point.progress);
  const dataset = await loadDataset('train', await resumedChoice(settings, metadata, override), hooks);
  if (metadata.preparation) fillAll(dataset, metadata.preparation.fill);
  const saved = { sha256: metadata.dataHash, input: metadata.input };
  const found = { sha256: dataset.sha256, input: [dataset.channels, dataset.height, dataset.width] };
  const changes = [...changedSettings, ...compareData(saved, found, override)];
  const checked = await checkNetwork(settings, dataset, checkMemory, {
    ...{ saves: !isFollower(worker), resumed: true, worker },
  });
  const preparation = await resumedPreparation(settings, dataset, checked.data.train, metadata.preparation);
  const progress = progressAfter(changes, point.progress, settings);
  const batches = batchesOf(checked.data.train, settings.batchSize);
  checkProgress(progress, batches, path);
  const finished = isFinished(progress, settings);
  const comparison = { otherImages: haveEffect(changes, 'validation'), bestBy: settings.bestBy ?? 'loss' } as const;
  // A finished run writes nothing: its best stays, and no file is moved.
  const { best, apply: reconcile } = finished
    ? { best: progress.best, apply: async () => {} }
    : await reconciliationOf(place.folder, point, comparison, new Date(), notice);
  if (!finished && !isFollower(worker)) {
    const files = best === null ? [RUN_FILES.last, RUN_FILES.previousLast] : undefined; // a best of others stays
    await checkSizes(place.folder, checked.parameters, isAveraged(settings), await sizeOfRun(place.folder, files));
  }
  if (progress.batch !== point.progress.batch) notice('the current epoch restarts, because its batches have changed');
  return {
    settings,
    worker,
    ...checked,
    warnings: [...checked.warnings, ...(await backgroundWarning(dataset, modelDataOf({ metadata })?.background, path))],
    state: point.file.state,
    preparation,
    plan: planOf(settings, checked.data, preparation),
    progress: { ...progress, best },
    finished,
    resumed: {
      checkpoint: path,
      epoch: progress.epochs + 1,
      batch: progress.batch,
      batches: batches.length,
      changes,
      ...(changesSchedule(changes, settings) ? { recomputed: settings.schedule } : {}),
      computedOn: metadata.computedOn,
      reconcile: isFollower(worker) ? async () => {} : reconcile,
    },
  };
}

/** What was computed when the run began stays: `auto` asks for nothing else. */
function withoutAuto({ normalisation, ...given }: Partial<RunSettings>): Partial<RunSettings> {
  return normalisation === 'auto' ? given : { normalisation, ...given };
}

/** The data of a run: where and in which format they are now is told by the settings, all else by the checkpoint. */
async function resumedChoice(
  settings: RunSettings,
  metadata: CheckpointMetadata,
  override: readonly string[],
): Promise<DataChoice> {
  const { path, format, columns, skipBroken, memoryBytes } = await dataChoiceOf({ ...settings, classNames: undefined });
  const classes = metadata.classNames ? undefined : settings.classes;
  return {
    ...choiceFor(metadata),
    path,
    format,
    columns,
    skipBroken,
    memoryBytes,
    classes,
    isOwn: !override.includes('data'),
  };
}

/** @throws UserError (checkpoint) if a run cannot have been at this position of an epoch with these batches */
function checkProgress({ batch: steps, sums }: Progress, batches: readonly Int32Array[], path: string): void {
  const imageCount = batches.slice(0, steps).reduce((sum, { length }) => sum + length, 0);
  if (steps <= batches.length && sums.count === imageCount) return;
  const claim = `${steps} steps of an epoch with ${sums.count} images`;
  const first = Math.min(steps, batches.length);
  const truth = `the epoch has ${batches.length} steps, the first ${first} with ${imageCount} images`;
  throw new UserError(`${path}: metadata progress: ${claim}, but ${truth}`, ExitCode.checkpoint);
}
