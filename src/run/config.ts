/** `config.json`: what a run was told, and what it computes on. */
import { availableParallelism, cpus, totalmem } from 'node:os';
import { countTrainable } from '../net/parameters.ts';
import type { Runtime } from '../runtime/open.ts';
import { warmupOf } from '../training/schedule.ts';
import { toolVersion } from '../version.ts';
import { computedOn } from './checkpoint-writer.ts';
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
