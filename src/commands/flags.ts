/** Every flag of every command; their values are checked before any work starts. */
import type { Options } from 'yargs';
import { DEPTHS, LESSON, STEMS, VARIANTS } from '../net/resnet.ts';
import { MAX_SEED } from '../random.ts';
import { COLUMN_NAMES } from '../report/summary-columns.ts';
import { BACKENDS, DEVICES } from '../runtime/choices.ts';
import { SCHEDULES } from '../training/schedule.ts';
import { OVERRIDES } from '../training/settings.ts';
import {
  type Check,
  inputShape,
  isSwitchedOn,
  listOf,
  notNegative,
  oneOf,
  oneOfNumbers,
  path,
  pathOrNothing,
  positive,
  whole,
} from './flag-checks.ts';

export interface Flag {
  readonly describe: string;
  /** Absent for a switch, which takes no value. */
  readonly check?: Check;
  /** May also be given without its value, which is then `true`. */
  readonly optionalValue?: boolean;
  /** As one would type it. */
  readonly default?: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** What yargs needs to know of the flags to parse and describe them; values and defaults are put in by `readFlags`. */
export function yargsOptions(flags: Flags): Record<string, Options> {
  return mapValues(flags, ({ describe, default: text, ...flag }) => {
    return { describe, defaultDescription: text, ...(needsValue(flag) ? { nargs: 1 } : {}) };
  });
}

/** The same for yargs's parser alone. */
export function parserOptions(flags: Flags) {
  // Only flags with a value are named: an entry of 0 or undefined would make the parser drop a switch.
  const withValues = Object.entries(flags).filter(([, flag]) => needsValue(flag));
  return {
    narg: Object.fromEntries(withValues.map(([name]) => [name, 1])),
    configuration: {
      'boolean-negation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
      'duplicate-arguments-array': false,
      'camel-case-expansion': false,
    },
  };
}

/** Whether a word behind the flag is its value. */
export function takesValue(flag: Pick<Flag, 'check'> | undefined): boolean {
  return flag?.check !== undefined;
}

function needsValue(flag: Pick<Flag, 'check' | 'optionalValue'>): boolean {
  return takesValue(flag) && !flag.optionalValue;
}

/** The flags that the user gave, their values checked; the others are absent. */
export type GivenFlags = Readonly<Record<string, unknown>>;

/**
 * The checked values of what yargs parsed.
 *
 * @returns every flag's value, its default where it was not given; and those alone that were given
 * @throws UserError (usage) naming the first flag whose value is wrong, and quoting that value
 */
export function readFlags(
  flags: Flags,
  parsed: Readonly<Record<string, unknown>>,
): { values: Record<string, unknown>; given: GivenFlags } {
  const values = mapValues(flags, ({ check = isSwitchedOn, default: text }, name) => {
    const written = parsed[name] ?? text;
    return written === undefined ? undefined : check(name, String(written));
  });
  const given = Object.fromEntries(Object.entries(values).filter(([name]) => parsed[name] !== undefined));
  return { values, given };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

const backend: Flag = {
  check: oneOf(BACKENDS),
  describe: `${BACKENDS.join(' | ')} (auto: tensorflow, else wasm)`,
  default: 'auto',
};
const device: Flag = {
  check: oneOf(DEVICES),
  describe: `${DEVICES.join(' | ')} (auto: a GPU if there is one)`,
  default: 'auto',
};
const noCompile: Flag = { describe: 'run each step op by op, not as one graph' };
const dataDir: Flag = { check: path, describe: 'folder with four IDX files, plain or .gz, in place of MNIST' };

const architecture: Flags = {
  depth: {
    check: oneOfNumbers(DEPTHS),
    describe: `${DEPTHS.join(' | ')}: layers with weights`,
    default: String(LESSON.depth),
  },
  width: {
    check: whole(1, 1024),
    describe: 'channels of the first stage; each later one doubles them',
    default: String(LESSON.width),
  },
  variant: {
    check: oneOf(VARIANTS),
    describe: `${VARIANTS.join(' | ')} (no biases, batch norm on shortcuts)`,
    default: LESSON.variant,
  },
  stem: {
    check: oneOf(STEMS),
    describe: `${STEMS.join(' | ')} (3x3 without pool, for small images)`,
    default: LESSON.stem,
  },
};

export const SUMMARY_FLAGS: Flags = {
  ...architecture,
  input: { check: inputShape, describe: 'shape of one image: channels x height x width', default: '1x224x224' },
  batch: { check: whole(1, 1_000_000), describe: 'images in the batch that is shown', default: '1' },
  classes: { check: whole(1, 1_000_000), describe: 'number of classes', default: '10' },
  format: {
    check: oneOf(['table', 'lines', 'markdown', 'json']),
    describe: 'table | lines, as the original prints | markdown | json',
    default: 'table',
  },
  columns: {
    check: listOf(COLUMN_NAMES),
    describe: `of the table, in this order, with commas between: ${COLUMN_NAMES.join(', ')}`,
  },
  'depth-limit': { check: whole(1, 1000), describe: 'levels of the tree of layers that the table shows (2)' },
  json: { describe: 'print JSON: --format json' },
};

export const TRAIN_FLAGS: Flags = {
  ...architecture,
  epochs: { check: whole(1), describe: 'passes over the training images', default: '2' },
  lr: { check: positive, describe: 'learning rate of Adam: the highest of its schedule', default: '0.001' },
  schedule: {
    check: oneOf(SCHEDULES),
    describe: `${SCHEDULES.join(' | ')}: how it changes over the run`,
    default: 'constant',
  },
  warmup: { check: notNegative, describe: 'epochs, or a part of one, in which the learning rate rises (none)' },
  'batch-size': { check: whole(1), describe: 'images a step', default: '128' },
  seed: { check: whole(0, MAX_SEED), describe: 'of initial weights, validation split and order', default: '0' },
  'checkpoint-dir': {
    check: path,
    describe: 'folder of the run: its checkpoints and its log',
    default: 'checkpoints',
  },
  init: { check: path, describe: 'start from the weights in this checkpoint' },
  'data-dir': dataDir,
  classes: { check: whole(1, 256), describe: 'number of classes that labels may name', default: '10' },
  'val-size': { check: whole(1), describe: 'training images held out to choose the best epoch', default: '5000' },
  'limit-train': { check: whole(1), describe: 'train on this many images only' },
  'limit-val': { check: whole(1), describe: 'validate on this many images only' },
  'log-interval': { check: whole(1), describe: 'steps between two progress lines', default: '100' },
  resume: {
    check: pathOrNothing,
    optionalValue: true,
    describe: 'go on with the run in --checkpoint-dir, or from this checkpoint; --epochs is the total',
  },
  override: {
    check: listOf(OVERRIDES),
    describe: `let a resumed run change what makes it another run: ${OVERRIDES.join(', ')}, with commas between`,
  },
  'save-interval': { check: whole(1), describe: 'steps between two savings inside an epoch (none)' },
  'dry-run': { describe: 'one batch of each phase; writes nothing' },
  'no-compile': noCompile,
  backend,
  device,
  json: { describe: 'print JSON events, one a line, instead' },
};

export const EVAL_FLAGS: Flags = {
  checkpoint: { check: path, describe: 'the model to evaluate', default: 'checkpoints/best.safetensors' },
  split: { check: oneOf(['test', 'val', 'train']), describe: 'test | val | train: which images', default: 'test' },
  'data-dir': dataDir,
  'limit-test': { check: whole(1), describe: 'evaluate this many images only' },
  'no-compile': noCompile,
  backend,
  device,
  json: { describe: 'print JSON instead' },
};

export const VERIFY_FLAGS: Flags = { json: { describe: 'print JSON instead' } };

export const VERIFY_POSITIONALS: Flags = {
  path: { check: path, describe: 'a checkpoint, or a folder: all of its run', default: 'checkpoints' },
};

export const BENCH_FLAGS: Flags = {
  steps: { check: whole(1, 10_000), describe: 'training steps to time', default: '20' },
  'batch-size': { check: whole(2), describe: 'images a training step', default: '128' },
  mode: {
    check: oneOf(['all', 'compiled', 'op-by-op', 'layers']),
    describe: 'all | compiled | op-by-op | layers (a model of TensorFlow.js layers)',
    default: 'all',
  },
  device,
  profile: { describe: 'trace the compiled step instead: time by op and by layer' },
  trace: { check: path, describe: 'file for the Chrome trace that --profile writes', default: 'trace.json' },
  json: { describe: 'print JSON instead' },
};
