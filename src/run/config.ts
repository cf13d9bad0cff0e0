/** `config.json`: a run's settings and what it computes on, written by `runConfig` and read by `readRunConfig`. */
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import type { Notice } from '../errors.ts';
import { countTrainable } from '../net/parameters.ts';
import type { Runtime } from '../runtime/open.ts';
import { warmupOf } from '../training/schedule.ts';
import { toolVersion } from '../version.ts';
import { RUN_FILES } from './folder/run-files.ts';
import type { PreparedRun } from './prepare-run.ts';
import { hyperparametersOf, type RunSettings, SETTINGS } from './settings.ts';

/** Raised when a reader would misread a field; new fields do not raise it. */
const CONFIG_SCHEMA = 1;

/** @param started when the run is started or resumed */
export function runConfig(run: PreparedRun, runtime: Runtime, started: Date) {
  const { settings, architecture, parameters, data, plan } = run;
  const { backend, device, version, compiled } = computedOn(runtime, settings);
  const used: RunSettings = { ...settings, ...defaultsOf(settings) };
  const told = Object.entries(SETTINGS) as [keyof typeof SETTINGS, { flag: string }][];
  return {
    schema: CONFIG_SCHEMA,
    /** By their names on the command line, with what is computed with where they were not told; null where that is nothing. */
    settings: Object.fromEntries(told.map(([name, { flag }]) => [flag, used[name] ?? null])),
    network: { ...architecture, parameters: countTrainable(parameters) },
    data: { sha256: data.dataset.sha256, trainImages: plan.train.length, validationImages: plan.validation.length },
    versions: { resnet: toolVersion(), node: process.versions.node, tensorflow: version },
    backend,
    device,
    compiled,
    machine: {
      platform: process.platform,
      architecture: process.arch,
      processor: cpus()[0]?.model ?? null, // there are systems that do not tell
      cores: availableParallelism(),
      memoryBytes: totalmem(),
    },
    started: started.toISOString(),
  };
}

/** The values of settings that need not be told. */
function defaultsOf(settings: RunSettings) {
  const { beta1, beta2, epsilon, weightDecay, labelSmoothing } = hyperparametersOf(settings);
  const { augment = 'none', schedule, warmup, epochs } = settings;
  const adam = { betas: [beta1, beta2], epsilon, weightDecay, labelSmoothing } as const;
  return { ...adam, augment, warmup: warmupOf({ name: schedule, warmup, epochs }) };
}

/** What must be the same for two runs to agree to the last bit. */
export function computedOn(
  { backend, device, version }: Runtime,
  { opByOp }: PreparedRun['settings'],
): NonNullable<CheckpointMetadata['computedOn']> {
  return { backend, device, version, compiled: backend === 'tensorflow' && !opByOp };
}

/** Groups of values by name, and single values, as `config.json` has them. */
export type RunConfig = Readonly<Record<string, unknown>>;

/**
 * A run's `config.json`.
 *
 * @returns undefined where there is none, as in runs of older versions, or where it is damaged, which is said
 */
export async function readRunConfig(folder: string, notice: Notice): Promise<RunConfig | undefined> {
  const path = join(folder, RUN_FILES.config);
  try {
    const config: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isRecord(config)) return config;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  }
  notice(`${path}: cannot be read as JSON; what the checkpoint tells of the run is shown instead`);
  return undefined;
}

/** The same in so far as a checkpoint tells it: one that resnet did not save tells nothing. */
export function configOf(metadata: CheckpointMetadata | undefined): RunConfig {
  if (metadata === undefined) return {};
  const { settings = {}, architecture, dataHash, toolVersion, computedOn } = metadata;
  const { version, ...rest } = computedOn ?? {};
  const flags: Readonly<Record<string, { readonly flag: string }>> = SETTINGS;
  return {
    settings: Object.fromEntries(Object.entries(settings).map(([name, value]) => [flags[name]?.flag ?? name, value])),
    network: architecture,
    data: { sha256: dataHash },
    versions: { resnet: toolVersion, tensorflow: version },
    ...rest,
  };
}

/** The folder of the data that a run was trained on; undefined where that was MNIST, or it is not known. */
export function dataDirOf(config: RunConfig): string | undefined {
  const dataDir = isRecord(config.settings) ? config.settings['data-dir'] : undefined;
  return typeof dataDir === 'string' ? dataDir : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
