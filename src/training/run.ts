/** A whole run: everything that can be refused is refused by `prepareRun`; then `startRun` trains and saves. */
import { join } from 'node:path';
import { saveCheckpoint } from '../checkpoint/checkpoint.ts';
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import { prepareRunFolder, RUN_FILES } from '../checkpoint/run-folder.ts';
import { NORMALISATION } from '../dataset/batches.ts';
import type { Sequential } from '../net/layers.ts';
import { initialValues, type Parameter, parametersOf } from '../net/parameters.ts';
import { type Architecture, resNet } from '../net/resnet.ts';
import { traceShapes } from '../net/trace.ts';
import { RandomGenerator } from '../random.ts';
import type { Runtime } from '../runtime/open.ts';
import { toolVersion } from '../version.ts';
import { checkBatchSize } from './batch-size.ts';
import { loadTrainingData, type TrainingData, type TrainingDataOptions } from './data.ts';
import { evaluationBatchSize } from './evaluate.ts';
import { checkMemory } from './memory.ts';
import type { ModelState } from './model.ts';
import { readModelFile, tensorsOf } from './model-file.ts';
import { openSteps } from './open-steps.ts';
import { type EpochEvent, type TrainingHooks, type TrainingPlan, train } from './train.ts';

export interface RunSettings extends TrainingDataOptions, Omit<Architecture, 'channels' | 'classes'> {
  readonly classes: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly batchSize: number;
  /** Steps between two reports. */
  readonly logInterval: number;
  /** Where checkpoints go. */
  readonly folder: string;
  /** A checkpoint to take the first weights from; default: random ones by `seed`. */
  readonly init?: string | undefined;
  /** One batch of each phase, and nothing written. */
  readonly dryRun: boolean;
  /** Run each step as one graph where the backend can; else op by op. */
  readonly compile: boolean;
}

/** What is ready before a backend is loaded. */
export interface PreparedRun {
  readonly settings: RunSettings;
  readonly data: TrainingData;
  readonly architecture: Architecture;
  readonly network: Sequential;
  readonly parameters: readonly Parameter[];
  readonly state: ModelState;
  readonly plan: TrainingPlan;
}

/**
 * Load and check all that a run needs, in this order: data, batch size, memory, initial weights, output folder.
 *
 * @throws UserError (data, usage, checkpoint, io) before any work is done
 */
export async function prepareRun(settings: RunSettings): Promise<PreparedRun> {
  const { depth, width, variant, stem, classes, init, folder, dryRun } = settings;
  const { seed, batchSize, epochs, learningRate } = settings;
  const data = loadTrainingData(settings);
  const { dataset } = data;
  const architecture: Architecture = { depth, width, variant, stem, channels: dataset.channels, classes };
  const network = resNet(architecture);
  const traced = traceShapes(network, [dataset.channels, dataset.height, dataset.width]);
  checkBatchSize(batchSize, data.train.length, traced);
  const parameters = parametersOf(traced);
  checkMemory(parameters);
  const state: ModelState = init
    ? (await readModelFile(init, architecture)).state
    : { values: initialValues(parameters, RandomGenerator.seeded(seed, 'initialisation')), batchesTracked: 0 };
  if (!dryRun) await prepareRunFolder(folder);
  const plan: TrainingPlan = {
    epochs: dryRun ? 1 : epochs,
    learningRate,
    batchSize,
    seed,
    logInterval: settings.logInterval,
    dataset,
    train: dryRun ? data.train.subarray(0, batchSize) : data.train,
    validation: dryRun ? data.validation.subarray(0, evaluationBatchSize(dataset)) : data.validation,
  };
  return { settings, data, architecture, network, parameters, state, plan };
}

/**
 * Train; after every epoch save it as `last.safetensors`, and as `best.safetensors` where it is the best so far.
 *
 * @returns the best epoch
 * @throws UserError (diverged, io), or the signal's reason
 */
export async function startRun(
  run: PreparedRun,
  runtime: Runtime,
  hooks: Omit<TrainingHooks, 'save'>,
): Promise<EpochEvent> {
  const { network, parameters, state, plan, settings } = run;
  const source = { network, parameters, state, dataset: plan.dataset };
  const steps = openSteps(runtime, source, settings.compile);
  const save = async (epoch: EpochEvent) => {
    if (settings.dryRun) return;
    const tensors = tensorsOf(parameters, await steps.state());
    const metadata = metadataOf(run, epoch);
    await saveCheckpoint(join(settings.folder, RUN_FILES.last), tensors, metadata);
    if (epoch.best) await saveCheckpoint(join(settings.folder, RUN_FILES.best), tensors, metadata);
  };
  try {
    return await train(steps, plan, { ...hooks, save });
  } finally {
    steps.dispose();
  }
}

function metadataOf({ architecture, plan, data, settings }: PreparedRun, epoch: EpochEvent): CheckpointMetadata {
  const { dataset, seed, learningRate, batchSize, epochs } = plan;
  return {
    toolVersion: toolVersion(),
    architecture,
    input: [dataset.channels, dataset.height, dataset.width],
    normalisation: NORMALISATION,
    seed,
    validationSize: settings.validationSize,
    epoch: epoch.epoch,
    step: epoch.step,
    validationLoss: epoch.validation.loss,
    validationAccuracy: epoch.validation.accuracy,
    dataHash: data.dataset.sha256,
    training: { learningRate, batchSize, epochs },
  };
}
