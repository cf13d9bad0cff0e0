/** Flags and the word of `resnet data`. */

import { SETTINGS } from '../run/settings.ts';
import { count, fraction, onOff, path } from '../value-kinds.ts';
import { checkpointDir, json, normalize, runFlags, runtimeFlags } from './common-flags.ts';
import type { Flags, Words } from './flag.ts';
import { settingFlag } from './setting-flags.ts';

/** The word of `resnet data`. */
export const DATA_WORDS: Words = {
  path: {
    describe: 'folder or file of the data',
    values: path,
    otherwise: 'MNIST; with --suspects the data that the model was trained on',
  },
};

/** The flags that a run leaves without effect: it says itself how its data are read. */
const readingFlags: Flags = {
  'class-names': settingFlag(SETTINGS.classNames),
  transpose: settingFlag(SETTINGS.transpose),
  classes: settingFlag(SETTINGS.classes),
};

/** The flags that need `--suspects`. */
const suspectFlags: Flags = {
  'checkpoint-dir': checkpointDir,
  from: runFlags.from!,
  normalize,
  ...runtimeFlags,
  'min-probability': {
    group: 'Output',
    describe: 'list an image if its predicted class has at least this probability',
    values: fraction,
    otherwise: "as sure as the model is of the class's own images on average",
  },
  most: {
    group: 'Output',
    describe: 'number of images to list: those with the surest answers',
    values: count,
    default: '20',
  },
};

/** The names of the flags that `--suspects` leaves without effect, and of those that need it. */
export const NOT_WITH_SUSPECTS: readonly string[] = Object.keys(readingFlags);
export const ONLY_WITH_SUSPECTS: readonly string[] = Object.keys(suspectFlags);

/** All flags of `resnet data`. */
export const DATA_FLAGS: Flags = {
  'data-format': settingFlag(SETTINGS.dataFormat),
  'file-column': settingFlag(SETTINGS.fileColumn),
  'label-column': settingFlag(SETTINGS.labelColumn),
  'split-column': settingFlag(SETTINGS.splitColumn),
  ...readingFlags,
  suspects: {
    group: 'Run',
    describe: 'run whose model judges the labels: its name, its folder, or a checkpoint',
    values: path,
    otherwise: 'judge none',
  },
  ...suspectFlags,
  html: { group: 'Output', describe: 'file for a page with pictures', values: path, otherwise: 'write none' },
  overwrite: { group: 'Output', describe: 'replace a file at --html that is no such page', values: onOff },
  json,
};
