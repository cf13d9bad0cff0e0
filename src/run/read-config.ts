/** How a run was configured, and on what it was computed. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import { RUN_FILES } from './folder/run-files.ts';
import type { Notice } from './resume-point.ts';
import { SETTINGS } from './settings.ts';

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
