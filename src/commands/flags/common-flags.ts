/** Flags that several commands share. */
import { SETTINGS } from '../../run/settings.ts';
import { onOff, path } from '../../value-kinds.ts';
import type { Flag, Flags } from './flag.ts';
import { settingFlag } from './setting-flags.ts';

export const device = settingFlag(SETTINGS.device);

export const runtimeFlags: Flags = {
  'no-compile': settingFlag(SETTINGS.opByOp),
  backend: settingFlag(SETTINGS.backend),
  device,
};

export const json: Flag = { group: 'Output', describe: 'print JSON instead of text', values: onOff };

export const checkpoint: Flag = {
  group: 'Network',
  describe: 'checkpoint with the model',
  values: path,
  default: 'checkpoints/best.safetensors',
};
