/** Flags of `resnet bench`. */
import { SETTINGS } from '../run/settings.ts';
import { oneOf, onOff, path, whole } from '../value-kinds.ts';
import { device, json, noMemoryCheck, yes } from './common-flags.ts';
import type { Flags } from './flag.ts';
import { settingFlag } from './setting-flags.ts';
import { workerFlags } from './train-flags.ts';

const MAX_STEPS = 10_000;

/** All flags of `resnet bench`. */
export const BENCH_FLAGS: Flags = {
  steps: { group: 'Run', describe: 'training steps to time', values: whole(1, MAX_STEPS), default: '20' },
  'batch-size': {
    group: 'Run',
    describe: 'images of a training step, of all workers',
    values: whole(2),
    default: '128',
  },
  mode: {
    group: 'Run',
    describe: 'what to measure (layers is a model of TensorFlow.js layers)',
    values: oneOf(['all', 'compiled', 'op-by-op', 'layers']),
    default: 'all',
  },
  freeze: {
    ...settingFlag(SETTINGS.freeze),
    describe: 'parts of the body that are not trained, beside a step that trains all',
  },
  profile: {
    group: 'Run',
    describe: 'trace the compiled step instead, and show its time by op and by layer',
    values: onOff,
  },
  ...workerFlags,
  'sync-batch-norm': { ...settingFlag(SETTINGS.syncBatchNorm), group: 'Run' },
  reduce: { ...settingFlag(SETTINGS.reduce), group: 'Run' },
  device,
  'no-memory-check': noMemoryCheck,
  yes,
  trace: {
    group: 'Output',
    describe: 'file for the Chrome trace that --profile writes',
    values: path,
    otherwise: 'trace.json, or the first free of trace-2.json, trace-3.json …',
  },
  overwrite: { group: 'Output', describe: 'replace the file that --trace names, if it exists', values: onOff },
  json,
};
