/** Settings that say how a run computes and what it writes; they change no result but the last bits. */
import { BACKEND_SYNONYMS, BACKENDS, DEVICE_SYNONYMS, DEVICES } from '../../runtime/choices.ts';
import type { RuntimeChoice } from '../../runtime/open.ts';
import { byteSize, count, oneOf, onOff } from '../../value-kinds.ts';
import type { SettingsTable } from './setting.ts';

/** Values of the settings of running. */
export interface RunningSettings extends Required<RuntimeChoice> {
  /** Steps between two reports. */
  readonly logInterval: number;
  /** Steps between two saves within an epoch; default: only its end is saved. */
  readonly saveInterval?: number | undefined;
  /** Whether event files for TensorBoard are written. */
  readonly tensorboard?: boolean | undefined;
  /** Most bytes of the images' pixels that are held in memory; default: `usualDataMemory`. */
  readonly dataMemory?: number | undefined;
  /** Whether each step runs op by op, even where the backend could run it as one graph. */
  readonly opByOp?: boolean | undefined;
}

/** Rows of the settings of running. */
export const RUNNING_SETTINGS: SettingsTable<RunningSettings> = {
  logInterval: {
    flag: 'log-interval',
    group: 'Output',
    describe: 'training steps between two progress lines',
    values: count,
    default: 100,
    onResume: 'free',
  },
  saveInterval: {
    flag: 'save-interval',
    group: 'Run',
    describe: 'training steps between two saves within an epoch',
    values: count,
    otherwise: 'save after each epoch',
    optional: true,
    onResume: 'free',
  },
  tensorboard: {
    flag: 'tensorboard',
    group: 'Output',
    describe: "write event files for TensorBoard into the run's folder",
    values: onOff,
    default: false,
    optional: true,
    onResume: 'free',
  },
  dataMemory: {
    flag: 'data-memory',
    group: 'Runtime',
    describe: 'memory for images; more of them are read from the disk while they are used',
    values: byteSize,
    otherwise: 'a quarter of what is free',
    optional: true,
    onResume: 'free',
  },
  opByOp: {
    flag: 'no-compile',
    group: 'Runtime',
    describe: 'run each step op by op, not as one graph',
    values: onOff,
    default: false,
    optional: true,
    onResume: 'free',
  },
  backend: {
    flag: 'backend',
    group: 'Runtime',
    describe: 'library that computes (auto is tensorflow, else wasm)',
    values: oneOf(BACKENDS, BACKEND_SYNONYMS),
    default: 'auto',
    onResume: 'free',
  },
  device: {
    flag: 'device',
    group: 'Runtime',
    describe: 'device that computes (auto is a GPU if there is one)',
    values: oneOf(DEVICES, DEVICE_SYNONYMS),
    default: 'auto',
    onResume: 'free',
  },
};
