/** Flags and the word of `resnet data`. */

import { SETTINGS } from '../../run/settings.ts';
import { onOff, path } from '../../value-kinds.ts';
import { json } from './common-flags.ts';
import type { Flags, Words } from './flag.ts';
import { settingFlag } from './setting-flags.ts';

/** The word of `resnet data`. */
export const DATA_WORDS: Words = {
  path: { describe: 'folder or file of the data', values: path, otherwise: 'MNIST' },
};

/** All flags of `resnet data`. */
export const DATA_FLAGS: Flags = {
  'data-format': settingFlag(SETTINGS.dataFormat),
  'class-names': settingFlag(SETTINGS.classNames),
  'file-column': settingFlag(SETTINGS.fileColumn),
  'label-column': settingFlag(SETTINGS.labelColumn),
  'split-column': settingFlag(SETTINGS.splitColumn),
  transpose: settingFlag(SETTINGS.transpose),
  classes: settingFlag(SETTINGS.classes),
  html: { group: 'Output', describe: 'file for a page with pictures', values: path, otherwise: 'write none' },
  overwrite: { group: 'Output', describe: 'replace a file at --html that is no such page', values: onOff },
  json,
};
