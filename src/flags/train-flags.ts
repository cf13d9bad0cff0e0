/** Flags of `resnet train`: every setting of a run, and a few flags beside them. */
import { STAGING_NAME, TAKEN_NAMES } from '../run/folder/run-files.ts';
import { OVERRIDES } from '../run/settings.ts';
import { oneOf, onOff, path, type ValueKind, whole } from '../value-kinds.ts';
import { checkpointDir, noMemoryCheck, yes } from './common-flags.ts';
import type { Flags, Words } from './flag.ts';
import { trainSettingFlags } from './setting-flags.ts';

/** One part of a path: a folder's name that is not the name of anything in a run's folder. */
export const runName: ValueKind<string> = {
  wanted: "a folder's name: not a path, and not a name that is used within a run's folder",
  parse: (text) => text,
  isValid: (value): value is string =>
    path.isValid(value) &&
    !['.', '..', ...TAKEN_NAMES].includes(value) &&
    !STAGING_NAME.test(value) &&
    !/[/\p{Cc}]/u.test(value),
};

/** The value of `--resume`: an object with a path, or an empty object if the flag stands alone. */
export const pathOrNothing: ValueKind<{ readonly path: string }> = {
  wanted: path.wanted,
  alsoTakes: ['string'],
  file: true,
  parse: (text) => ({ path: text }),
  isValid: (value): value is { readonly path: string } => path.isValid((value as { path?: unknown } | null)?.path),
};

/** The word of `resnet train`. */
export const TRAIN_WORDS: Words = {
  data: { describe: 'folder or file of the data, as --data-dir', values: path, otherwise: 'MNIST' },
};

/** All flags of `resnet train`. */
export const TRAIN_FLAGS: Flags = {
  ...trainSettingFlags(),
  'checkpoint-dir': { ...checkpointDir, describe: "folder for the run's checkpoints and its log" },
  name: {
    group: 'Run',
    describe: 'name of the run: its folder within --checkpoint-dir',
    values: runName,
    otherwise: 'none; the run is in --checkpoint-dir itself',
  },
  resume: {
    group: 'Run',
    describe: 'resume a run: its name in --checkpoint-dir, its folder or a checkpoint; else that in --checkpoint-dir',
    values: pathOrNothing,
    optionalValue: true,
  },
  override: {
    group: 'Run',
    describe: 'settings that may change in a resumed run, although it is then another run',
    values: oneOf(OVERRIDES),
    list: true,
    otherwise: 'none',
  },
  'keep-earlier': {
    group: 'Run',
    describe: 'once the run has a best checkpoint, remove all but the newest N folders in earlier/',
    values: whole(0),
    otherwise: 'all are kept',
  },
  'no-memory-check': noMemoryCheck,
  yes,
  'dry-run': { group: 'Run', describe: 'train and validate one batch, and save nothing', values: onOff },
  json: { group: 'Output', describe: 'print JSON events, one per line, instead of text', values: onOff },
};
