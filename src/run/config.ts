/** `config.json`: a run's settings, network, data and machine, written by `runConfig` and read by `readRunConfig`. */
import { readFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import { hyperparametersOf } from '../engine/hyperparameters.ts';
import type { Notice } from '../errors.ts';
import { countTrainable } from '../net/parameters.ts';
import type { Runtime } from '../runtime/open.ts';
import { BEST_MEASURES, type BestMeasure } from '../training/best-measure.ts';
import { warmupOf } from '../training/schedule.ts';
import { toolVersion } from '../version.ts';
import { RUN_FILES } from './folder/run-files.ts';
import type { PreparedRun } from './prepare-run.ts';
import { processorFacts } from './processor.ts';
import { type RunSettings, SETTING_ENTRIES, SETTINGS } from './settings.ts';

/** Version of the file's fields. It rises when an old reader would misread a field, not for a new field. */
const CONFIG_SCHEMA = 1;

/**
 * A run's `config.json`.
 *
 * @param started when the run is started or resumed
 */
export function runConfig(run: PreparedRun, runtime: Runtime, started: Date) {
  const { settings, architecture, parameters, data, plan } = run;
  const { backend, device, version, compiled, threads, processor, workers } = computedOn(runtime, run);
  const used = settingsInUse(settings);
  return {
    schema: CONFIG_SCHEMA,
    settings: Object.fromEntries(SETTING_ENTRIES.map(([name, { flag }]) => [flag, used[name] ?? null])),
    network: { ...architecture, parameters: countTrainable(parameters) },
    data: { sha256: data.dataset.sha256, trainImages: plan.train.length, validationImages: plan.validation.length },
    versions: { resnet: toolVersion(), node: process.versions.node, tensorflow: version },
    backend,
    device,
    compiled,
    ...(workers === undefined ? {} : { workers }),
    machine: {
      platform: process.platform,
      architecture: process.arch,
      processor: cpus()[0]?.model ?? null, // some systems do not say
      instructionSets: processor,
      cores: threads,
      memoryBytes: totalmem(),
    },
    started: started.toISOString(),
  };
}

/**
 * All settings of a run; a setting that neither the user nor the recipe gave has the value that the run computes with.
 */
function settingsInUse(settings: RunSettings): RunSettings {
  const { schedule, warmup, epochs, ema } = settings;
  const { augment = SETTINGS.augment.default, normalisation = SETTINGS.normalisation.default } = settings;
  const { classWeights = SETTINGS.classWeights.default } = settings;
  const { bestBy = SETTINGS.bestBy.default } = settings;
  return {
    ...settings,
    ...hyperparametersOf(settings),
    ema, // a default of 0, which means off, is left out
    augment,
    classWeights,
    bestBy,
    normalisation,
    warmup: warmupOf({ name: schedule, warmup, epochs }),
  };
}

/** The facts about backend, device, processor and workers that must be equal for two runs to be sure to agree to the last bit. */
export function computedOn(
  { backend, device, version }: Runtime,
  { settings, worker }: Pick<PreparedRun, 'settings' | 'worker'>,
): NonNullable<CheckpointMetadata['computedOn']> {
  const compiled = backend === 'tensorflow' && !settings.opByOp;
  const workers = worker.count === 1 ? {} : { workers: worker.count };
  return { backend, device, version, compiled, ...processorFacts(), ...workers };
}

/** Contents of `config.json`: groups of values by name, and single values. */
export type RunConfig = Readonly<Record<string, unknown>>;

/**
 * Reads the `config.json` of a run.
 *
 * @param notice called if the file is damaged
 * @returns undefined if the file is missing, as in runs of older versions, or damaged
 */
export async function readRunConfig(folder: string, notice: Notice): Promise<RunConfig | undefined> {
  const path = join(folder, RUN_FILES.config);
  try {
    const config: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isRecord(config)) return config;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  }
  notice(`${path}: cannot be read as JSON; the settings in the checkpoint are shown instead`);
  return undefined;
}

/** The part of a run's configuration that its checkpoint holds; empty for a checkpoint that resnet did not save. */
export function configOf(metadata: CheckpointMetadata | undefined): RunConfig {
  if (metadata === undefined) return {};
  const { settings = {}, architecture, dataHash, toolVersion, computedOn } = metadata;
  const { version, threads, processor, ...rest } = computedOn ?? {};
  const flags: Readonly<Record<string, { readonly flag: string }>> = SETTINGS;
  return {
    settings: Object.fromEntries(Object.entries(settings).map(([name, value]) => [flags[name]?.flag ?? name, value])),
    network: architecture,
    data: { sha256: dataHash },
    versions: { resnet: toolVersion, tensorflow: version },
    ...rest,
    ...(threads === undefined ? {} : { machine: { instructionSets: processor, cores: threads } }),
  };
}

/** Folder of the data that a run was trained on; undefined for MNIST, and if it is not known. */
export function dataDirOf(config: RunConfig): string | undefined {
  const dataDir = isRecord(config.settings) ? config.settings['data-dir'] : undefined;
  return typeof dataDir === 'string' ? dataDir : undefined;
}

/** The recipe of a run; undefined if it is not known. */
export function recipeIn(config: RunConfig): string | undefined {
  const recipe = isRecord(config.settings) ? config.settings.recipe : undefined;
  return typeof recipe === 'string' ? recipe : undefined;
}

/** The measure that chose a run's best epoch. */
export function bestByIn(config: RunConfig): BestMeasure {
  const bestBy = isRecord(config.settings) ? config.settings['best-by'] : undefined;
  return BEST_MEASURES.find((each) => each === bestBy) ?? 'loss';
}

/** Epochs in which a run's learning rate rises to its highest; undefined if it is not known. */
export function warmupIn(config: RunConfig): number | undefined {
  const warmup = isRecord(config.settings) ? config.settings.warmup : undefined;
  return typeof warmup === 'number' ? warmup : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
