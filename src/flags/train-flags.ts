/** Flags of `resnet train`: every setting of a run, and a few flags beside them. */
import { STAGING_NAME, TAKEN_NAMES } from '../run/folder/run-files.ts';
import { OVERRIDES } from '../run/settings.ts';
import { duration, oneOf, onOff, path, type ValueKind, whole } from '../value-kinds.ts';
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

/** Most workers that one command starts: each takes about a hundred threads. */
const MOST_WORKERS = 64;

/** A worker's address; `src/cluster/` checks what it is. */
const address: ValueKind<string> = {
  wanted: 'host:port',
  parse: (text) => text.trim(),
  isValid: (value): value is string => typeof value === 'string' && value !== '',
};

/** The flags that say who the workers are. */
export const workerFlags: Flags = {
  workers: {
    group: 'Run',
    describe: 'train with N processes on this machine, one a GPU, which share each batch',
    values: whole(1, MOST_WORKERS),
    default: '1',
  },
  cluster: {
    group: 'Run',
    describe: 'train together with other workers: host:port of each, the same list for all; worker 0 writes',
    values: address,
    list: true,
    otherwise: "TF_CONFIG's, else this process alone",
  },
  rank: {
    group: 'Run',
    describe: 'which worker of --cluster this process is',
    values: whole(0),
    otherwise: "TF_CONFIG's",
  },
  'control-port': {
    group: 'Run',
    describe: "port of worker 0 on which the workers find each other, beside TensorFlow's",
    values: whole(1, 65_535),
    otherwise: "the next free one after worker 0's in --cluster",
  },
  'start-limit': {
    group: 'Run',
    describe: 'how long the workers wait for one another at the start',
    values: duration,
    otherwise: '5m',
  },
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
  ...workerFlags,
  'dry-run': { group: 'Run', describe: 'train and validate one batch, and save nothing', values: onOff },
  json: { group: 'Output', describe: 'print JSON events, one per line, instead of text', values: onOff },
};
