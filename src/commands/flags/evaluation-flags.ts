/** Flags and words of the commands that read a trained model: `eval`, `report`, `predict` and `verify`. */
import { SETTINGS } from '../../run/settings.ts';
import { count, oneOf, path, whole } from '../../value-kinds.ts';
import { checkpoint, json, normalize, runtimeFlags } from './common-flags.ts';
import type { Flag, Flags, Words } from './flag.ts';
import { settingFlag } from './setting-flags.ts';

const dataDir: Flag = { ...settingFlag(SETTINGS.dataDir), otherwise: 'MNIST' };

const evaluationFlags: Flags = {
  split: { group: 'Data', describe: 'images to evaluate', values: oneOf(['test', 'val', 'train']), default: 'test' },
  'limit-test': { group: 'Data', describe: 'evaluate only this many images', values: count, otherwise: 'all' },
  normalize,
  ...runtimeFlags,
  json,
};

/** All flags of `resnet eval`. */
export const EVAL_FLAGS: Flags = {
  checkpoint,
  'data-dir': dataDir,
  ...evaluationFlags,
  worst: {
    group: 'Output',
    describe: 'number of mistakes to draw: those made with the highest probability',
    values: whole(0),
    default: '0',
  },
};

/** All flags of `resnet report`. */
export const REPORT_FLAGS: Flags = {
  'data-dir': { ...dataDir, otherwise: "the run's own data" },
  ...evaluationFlags,
  out: { group: 'Output', describe: 'folder to write the report to', values: path, otherwise: "the run's folder" },
  worst: {
    group: 'Output',
    describe: 'number of mistakes to show as images: those made with the highest probability',
    values: whole(0),
    default: '12',
  },
};

/** The words of `resnet report`. */
export const REPORT_WORDS: Words = {
  run: { describe: 'folder of a run, or a checkpoint in it', values: path, default: 'checkpoints' },
};

/** All flags of `resnet predict`. */
export const PREDICT_FLAGS: Flags = { checkpoint, normalize, ...runtimeFlags, json };

/** The words of `resnet predict`. */
export const PREDICT_WORDS: Words = {
  files: { describe: 'pictures of one digit each; - is standard input', values: path, several: true },
};

/** All flags of `resnet verify`. */
export const VERIFY_FLAGS: Flags = { json };

/** The words of `resnet verify`. */
export const VERIFY_WORDS: Words = {
  path: { describe: 'checkpoint, or folder of a run: all its checkpoints', values: path, default: 'checkpoints' },
};
