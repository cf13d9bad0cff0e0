/** Flags that several commands share. */
import { SETTINGS } from '../../run/settings.ts';
import { onOff, path } from '../../value-kinds.ts';
import type { Flag, Flags } from './flag.ts';
import { settingFlag } from './setting-flags.ts';

/** The flag `--device`. */
export const device = settingFlag(SETTINGS.device);

/** The flags that choose how a command computes: `--no-compile`, `--backend` and `--device`. */
export const runtimeFlags: Flags = {
  'no-compile': settingFlag(SETTINGS.opByOp),
  backend: settingFlag(SETTINGS.backend),
  device,
};

/** The flag `--normalize` of the commands that read a trained model. */
export const normalize: Flag = {
  ...withoutDefault(settingFlag(SETTINGS.normalisation)),
  otherwise: "the checkpoint's own, else 0.5,0.5",
};

function withoutDefault({ default: _, ...flag }: Flag): Flag {
  return flag;
}

/** The flag `--json`. */
export const json: Flag = { group: 'Output', describe: 'print JSON instead of text', values: onOff };

/** The flag `--checkpoint`. */
export const checkpoint: Flag = {
  group: 'Network',
  describe: 'checkpoint with the model',
  values: path,
  default: 'checkpoints/best.safetensors',
};
