/** Prepares a run before a backend is loaded: every check that needs no backend is made here. */
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import type { StoredPreparation } from '../checkpoint/preparation.ts';
import type { Progress } from '../checkpoint/progress.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { FoundData } from '../dataset/formats/found.ts';
import { type LoadHooks, loadDataset } from '../dataset/load.ts';
import { type Background, backgroundOf, trainingWarnings } from '../dataset/sense.ts';
import { splitTrainingData, type TrainingData } from '../dataset/split.ts';
import type { Notice } from '../errors.ts';
import { evaluationBatchSize } from '../evaluation/evaluate.ts';
import type { CheckMemory } from '../memory/check.ts';
import type { ModelState } from '../model/model.ts';
import type { Sequential } from '../net/layers.ts';
import { type Parameter, parametersOf } from '../net/parameters.ts';
import { type Architecture, resNet } from '../net/resnet.ts';
import { traceShapes } from '../net/trace.ts';
import { initialProgress } from '../training/initial-progress.ts';
import type { TrainingPlan } from '../training/training-plan.ts';
import { checkBatchSize, checkFrozen, checkInit, checkShares, checkSizes, checkWarmup } from './checks.ts';
import { recoverReplacement } from './folder/replacement.ts';
import { prepareRunFolder, removeStaleTemporaries } from './folder/run-folder.ts';
import { lockRunFolder, type RunLock } from './folder/run-lock.ts';
import { initialWeights } from './initial-weights.ts';
import { trainingNeed } from './memory-need.ts';
import type { Resumed } from './run-events.ts';
import { classesOf, givenClassWeights } from './settings/class-weights.ts';
import { checkSuited, dataChoiceOf, settingsForData } from './settings/for-data.ts';
import { decidedFor } from './settings/workers.ts';
import { type GivenSettings, inOrder, isAveraged, type RunSettings } from './settings.ts';
import { ALONE, isFollower, sharedNeed, type WorkerPlace } from './workers/worker-place.ts';

/** Facts about the checkpoint that a run resumes from, for `startRun`. */
interface ResumedFrom extends Pick<CheckpointMetadata, 'computedOn'> {
  /** Moves aside the files that the run will not use; to be called when the run really starts. */
  readonly reconcile: () => Promise<void>;
}

/** A run that is ready to start: its settings, data, network, initial state and plan, and the lock on its folder. */
export interface PreparedRun {
  readonly settings: RunSettings;
  /** This process's place among the workers of the run. */
  readonly worker: WorkerPlace;
  /** The run's folder; undefined for a dry run, and for a worker that follows. */
  readonly folder: string | undefined;
  /** The lock on the run's folder, held until its `release` is called; undefined where `folder` is. */
  readonly lock: RunLock | undefined;
  readonly data: TrainingData;
  /** How pictures became the images; undefined for MNIST and its like. */
  readonly preparation: StoredPreparation | undefined;
  /** Background of all training images. */
  readonly background: Background;
  /** What does not make sense about the data; one line each. */
  readonly warnings: readonly string[];
  readonly architecture: Architecture;
  readonly network: Sequential;
  readonly parameters: readonly Parameter[];
  readonly state: ModelState;
  readonly plan: TrainingPlan;
  readonly progress: Progress;
  /** Whether no epoch is left to train. */
  readonly finished: boolean;
  /** The position at which the run resumes, and what has changed since it stopped; undefined for a new run. */
  readonly resumed: (Resumed & ResumedFrom) | undefined;
}

/**
 * Loads and checks all that a new run needs, in this order: data, batch size, memory, initial weights, output folder.
 *
 * @param checkMemory see `memoryCheck`
 * @param dryRun whether to train and validate on one batch only, and to save nothing
 * @param hooks progress of reading the data, and where notices go
 * @param worker this process's place among the workers; one that follows writes nothing; default: it trains alone
 * @throws UserError (data, usage, checkpoint, io, locked) before any work is done
 */
export async function prepareRun(
  given: GivenSettings,
  folder: string,
  dryRun: boolean,
  checkMemory: CheckMemory,
  hooks: LoadHooks & { readonly notice: Notice },
  worker: WorkerPlace = ALONE,
): Promise<PreparedRun> {
  const { notice } = hooks;
  checkWarmup(given);
  checkInit(given);
  checkFrozen(given);
  const weightsFor = await givenClassWeights(given.classWeights);
  const onFound = (found: FoundData) => {
    checkSuited(given, found);
    if (found.classNames) weightsFor(found.classNames);
  };
  const dataset = await loadDataset('train', await dataChoiceOf(given), { ...hooks, onFound });
  const classWeights = weightsFor(classesOf(dataset));
  const { settings: found, preparation } = await settingsForData({ ...given, classWeights }, dataset);
  const settings = inOrder(decidedFor(found, worker.count));
  const network = await checkNetwork(settings, dataset, checkMemory, { saves: !dryRun && !isFollower(worker), worker });
  const { parameters } = network;
  const initial = await initialWeights(settings, network, notice);
  const plan = planOf(settings, network.data, preparation);
  const run = {
    settings: initial.settings,
    worker,
    preparation,
    ...network,
    warnings: [...network.warnings, ...initial.warnings],
    state: initial.state,
    progress: initialProgress(settings.seed),
    finished: false,
    resumed: undefined,
  };
  if (dryRun) {
    const train = plan.train.subarray(0, plan.batchSize);
    const validation = plan.validation.subarray(0, evaluationBatchSize(plan.dataset));
    return { ...run, plan: { ...plan, epochs: 1, train, validation }, folder: undefined, lock: undefined };
  }
  if (isFollower(worker)) return { ...run, plan, folder: undefined, lock: undefined };
  const lock = await claimFolder(folder, notice);
  try {
    await checkSizes(folder, parameters, isAveraged(settings), 0); // 0: an earlier run's files are moved, not replaced
    return { ...run, plan, folder, lock };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** A run's data and network, checked to fit each other. */
type CheckedNetwork = Pick<PreparedRun, 'data' | 'background' | 'warnings' | 'architecture' | 'network' | 'parameters'>;

/** What a run will do with its network. */
interface NetworkChecks {
  readonly saves: boolean;
  readonly resumed?: boolean;
  readonly worker?: WorkerPlace;
}

/**
 * Splits the training data and builds the network for them.
 *
 * @param saves whether the run writes checkpoints
 * @param resumed whether the run has a checkpoint's state in memory; default: false
 * @param worker this process's place among the workers; default: it trains alone
 * @throws UserError (data, usage) if the settings do not suit the data or the machine's memory
 */
export async function checkNetwork(
  settings: RunSettings,
  dataset: Dataset,
  checkMemory: CheckMemory,
  { saves, resumed = false, worker = ALONE }: NetworkChecks,
): Promise<CheckedNetwork> {
  const { depth, width, variant, stem, classes, batchSize } = settings;
  const data = splitTrainingData(dataset, settings);
  const { channels, height, width: columns } = data.dataset;
  const architecture: Architecture = { depth, width, variant, stem, channels, classes };
  const network = resNet(architecture);
  const traced = traceShapes(network, [channels, height, columns]);
  checkBatchSize(batchSize, data.train.length, traced);
  checkShares(settings, data.train.length, traced, worker.count);
  const parameters = parametersOf(traced);
  checkMemory(sharedNeed(trainingNeed(settings, data, traced, { saves, resumed }), worker));
  const judged = {
    background: await backgroundOf(dataset),
    warnings: await trainingWarnings(data, countsClasses(settings)),
  };
  return { data, ...judged, architecture, network, parameters };
}

/** Whether the user has chosen how classes of unequal size count, in training or in the choice of the best epoch. */
function countsClasses({ classWeights = 'none', bestBy }: Pick<RunSettings, 'classWeights' | 'bestBy'>): boolean {
  return classWeights !== 'none' || bestBy === 'balanced-accuracy' || bestBy === 'macro-f1';
}

/** The training loop's plan for these settings and data. */
export function planOf(
  settings: RunSettings,
  { dataset, train, validation }: TrainingData,
  preparation: StoredPreparation | undefined,
): TrainingPlan {
  const { epochs, bestBy = 'loss', patience, maxTime, batchSize, logInterval, saveInterval } = settings;
  const { learningRate, schedule: name, warmup, augment, thawAt } = settings;
  const schedule = { name, peak: learningRate, warmup };
  const augmentation = augment ?? 'none';
  const limits = { epochs, bestBy, patience, maxTime };
  const readsDigits = preparation?.as !== 'picture';
  const steps = { batchSize, logInterval, saveInterval };
  return { ...limits, ...steps, thawAt, schedule, augmentation, readsDigits, dataset, train, validation };
}

/**
 * Makes a run's folder ready and locks it, and completes what a killed run had begun.
 *
 * @returns the lock, which the caller must release when the run ends
 * @throws UserError (io) if the folder cannot be written to, (locked) if another run is using it
 */
export async function claimFolder(folder: string, notice: Notice): Promise<RunLock> {
  await prepareRunFolder(folder);
  const lock = await lockRunFolder(folder, new Date());
  if (lock.recovered !== undefined) notice(lock.recovered);
  try {
    await removeStaleTemporaries(folder);
    recoverReplacement(folder, notice);
  } catch (error) {
    await lock.release();
    throw error;
  }
  return lock;
}
