/** Flags that several commands share. */
import { RUNS_FOLDER } from '../run/folder/run-files.ts';
import { SETTINGS } from '../run/settings.ts';
import { normalisation, onOff, path } from '../value-kinds.ts';
import type { Flag, Flags, Words } from './flag.ts';
import { settingFlag } from './setting-flags.ts';

/** The flag `--device`. */
export const device = settingFlag(SETTINGS.device);

/** The flag `--no-memory-check`. */
export const noMemoryCheck: Flag = {
  group: 'Runtime',
  describe: 'compute even if memory seems too small for it',
  values: onOff,
};

/** The flag `--yes`. */
export const yes: Flag = {
  group: 'Runtime',
  describe: 'set TensorFlow up at its first use without asking',
  values: onOff,
};

/** The flags that choose how a command computes. */
export const runtimeFlags: Flags = {
  'no-compile': settingFlag(SETTINGS.opByOp),
  backend: settingFlag(SETTINGS.backend),
  device,
  'no-memory-check': noMemoryCheck,
  yes,
};

/** The flag `--normalize` of the commands that read a trained model. */
export const normalize: Flag = {
  ...withoutDefault(settingFlag(SETTINGS.normalisation)),
  describe: 'mean and standard deviation that normalise pixels from 0 to 1; a checkpoint that says its own decides',
  values: normalisation, // there are no training images for `auto`
  otherwise:
    "the checkpoint's own; else ImageNet's for colour images under torchvision's names, and 0.5,0.5 for others",
};

/** The flag `--no-temperature` of the commands that show probabilities. */
export const noTemperature: Flag = {
  group: 'Output',
  describe: "give the network's own probabilities, without the checkpoint's temperature",
  values: onOff,
};

function withoutDefault({ default: _, ...flag }: Flag): Flag {
  return flag;
}

/** Flags of every command, and what they do instead of it. */
export const HELP_FLAGS = { help: 'show this help', version: 'show the version' } as const;

/** The flag `--json`. */
export const json: Flag = { group: 'Output', describe: 'print JSON instead of text', values: onOff };

/** How a run is named, in help. */
const NAMES_OF_A_RUN = 'its name in --checkpoint-dir, its folder, or a checkpoint (.safetensors, .pth)';

/** The word `RUN` of every command that looks at a run; `namedRun` reads it. */
export const runWords: Words = {
  run: { describe: `the run: ${NAMES_OF_A_RUN}`, values: path, otherwise: 'the run in --checkpoint-dir' },
};

/** What a command takes where no run is named. */
const RUN_OR_BOXED_MODEL =
  'the run in --checkpoint-dir; without that flag and without a run, the model that comes with resnet';

/** The word `RUN` of a command that takes the model in the box where there is no run; `namedModel` reads it. */
export const modelWords: Words = { run: { ...runWords.run!, otherwise: RUN_OR_BOXED_MODEL } };

/** The flag `--checkpoint-dir`. */
export const checkpointDir: Flag = {
  group: 'Run',
  describe: 'folder of a run, or of several with names',
  values: path,
  default: RUNS_FOLDER,
};

/** The flags that name a run, and the part of its file: `namedRun` reads them. */
export const runFlags: Flags = {
  checkpoint: {
    group: 'Run',
    describe: `run to use: ${NAMES_OF_A_RUN}`,
    values: path,
    otherwise: 'the run in --checkpoint-dir',
  },
  'checkpoint-dir': checkpointDir,
  from: { ...settingFlag(SETTINGS.initFrom), group: 'Run' },
};

/** The flags that name a run, of a command that takes the model in the box where there is none; `namedModel` reads them. */
export const modelFlags: Flags = {
  ...runFlags,
  checkpoint: { ...runFlags.checkpoint!, otherwise: RUN_OR_BOXED_MODEL },
};
