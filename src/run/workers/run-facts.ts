/** What all workers of a run must have alike before the first step. */
import type { WorkerFacts } from '../../cluster/control.ts';
import { tensorsOf } from '../../model/model-tensors.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { type RunSettings, SETTING_ENTRIES } from '../settings.ts';
import { fingerprintOf } from './fingerprint.ts';

/**
 * Settings that each worker may have its own of: places on its machine, what it shows, and what its machine computes with.
 * The data and the weights that places name are compared by what is in them.
 */
const OWN: readonly (keyof RunSettings)[] = [
  ...(['dataDir', 'classNames', 'init'] as const),
  ...(['logInterval', 'tensorboard', 'dataMemory', 'backend', 'device'] as const),
];

/** The facts of a prepared run that workers compare. */
export function factsOf({ settings, data, architecture, parameters, state, progress }: PreparedRun): WorkerFacts {
  const shared = SETTING_ENTRIES.filter(([name]) => !OWN.includes(name));
  return {
    settings: Object.fromEntries(
      shared.map(([name, { flag, default: usual }]) => [`--${flag}`, settings[name] ?? usual ?? null]),
    ),
    data: data.dataset.sha256,
    graph: fingerprintOf({ architecture, parameters }),
    start: fingerprintOf({ tensors: tensorsOf(parameters, state), progress }),
  };
}
