/** Flags and the word of `resnet data`. */

import type { AnySetting } from '../../run/settings/setting.ts';
import { SETTINGS } from '../../run/settings.ts';
import { onOff, path } from '../../value-kinds.ts';
import { json } from './common-flags.ts';
import type { Flag, Flags, Words } from './flag.ts';
import { settingFlag } from './setting-flags.ts';

/** The word of `resnet data`. */
export const DATA_WORDS: Words = {
  path: { describe: 'folder or file of the data', values: path, otherwise: 'MNIST' },
};

/** All flags of `resnet data`. */
export const DATA_FLAGS: Flags = {
  'data-format': flagOf(SETTINGS.dataFormat),
  'class-names': flagOf(SETTINGS.classNames),
  'file-column': flagOf(SETTINGS.fileColumn),
  'label-column': flagOf(SETTINGS.labelColumn),
  'split-column': flagOf(SETTINGS.splitColumn),
  transpose: flagOf(SETTINGS.transpose),
  classes: flagOf(SETTINGS.classes),
  html: { group: 'Output', describe: 'file for a page with pictures', values: path, otherwise: 'write none' },
  overwrite: { group: 'Output', describe: 'replace a file at --html that is no such page', values: onOff },
  json,
};

/** The flag of a setting, with the effect of leaving it out. */
function flagOf(setting: AnySetting): Flag {
  return { ...settingFlag(setting), otherwise: setting.otherwise };
}
