/** Flags that several commands share. */
import { SETTINGS } from '../../run/settings.ts';
import { onOff, path } from '../../value-kinds.ts';
import type { Flag, Flags } from './flag.ts';
import { settingFlag } from './setting-flags.ts';

/** The flag `--device`. */
export const device = settingFlag(SETTINGS.device);

/** The flag `--no-memory-check`. */
export const noMemoryCheck: Flag = {
  group: 'Runtime',
  describe: 'compute even if memory seems too small for it',
  values: onOff,
};

/** The flags that choose how a command computes: `--no-compile`, `--backend`, `--device` and `--no-memory-check`. */
export const runtimeFlags: Flags = {
  'no-compile': settingFlag(SETTINGS.opByOp),
  backend: settingFlag(SETTINGS.backend),
  device,
  'no-memory-check': noMemoryCheck,
};

/** The flag `--json`. */
export const json: Flag = { group: 'Output', describe: 'print JSON instead of text', values: onOff };

/** The flag `--checkpoint`. */
export const checkpoint: Flag = {
  group: 'Network',
  describe: 'checkpoint with the model',
  values: path,
  default: 'checkpoints/best.safetensors',
};
