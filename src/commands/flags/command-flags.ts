/** Every flag of every command. */
import { AUGMENTATIONS } from '../../dataset/augmentation.ts';
import { DEPTHS, LESSON, STEMS, VARIANTS } from '../../net/resnet.ts';
import { MAX_SEED } from '../../random.ts';
import { COLUMN_NAMES } from '../../report/summary-columns.ts';
import { DEFAULT_RECIPE } from '../../run/recipes.ts';
import { OVERRIDES, RECIPE_NAMES } from '../../run/settings.ts';
import { BACKENDS, DEVICES } from '../../runtime/choices.ts';
import { SCHEDULES } from '../../training/schedule.ts';
import {
  below1,
  inputShape,
  listOf,
  notNegative,
  oneOf,
  oneOfNumbers,
  path,
  pathOfMany,
  pathOrNothing,
  positive,
  runName,
  timeSpan,
  twoBelow1,
  whole,
} from './flag-checks.ts';
import type { Flag, Flags } from './flags.ts';

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
const runtimeFlags: Flags = {
  'no-compile': { describe: 'run each step op by op, not as one graph' },
  backend,
  device,
};
const json: Flag = { describe: 'print JSON instead' };
const checkpoint: Flag = { check: path, describe: "the model's checkpoint", default: 'checkpoints/best.safetensors' };
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
  recipe: {
    check: oneOf(RECIPE_NAMES),
    describe: `${RECIPE_NAMES.join(' | ')}: says --stem, --width, --epochs, … --ema where not given`,
    default: DEFAULT_RECIPE,
  },
  epochs: { check: whole(1), describe: 'passes over the training images' },
  'batch-size': { check: whole(1), describe: 'images a step' },
  lr: { check: positive, describe: 'learning rate of Adam: the highest of its schedule' },
  schedule: { check: oneOf(SCHEDULES), describe: `${SCHEDULES.join(' | ')}: how it changes over the run` },
  warmup: { check: notNegative, describe: 'epochs, or a part of one, in which the learning rate rises' },
  augment: { check: oneOf(AUGMENTATIONS), describe: `${AUGMENTATIONS.join(' | ')}: how images are changed each time` },
  'weight-decay': { check: notNegative, describe: 'of AdamW, by which every weight shrinks, times the learning rate' },
  betas: { check: twoBelow1, describe: "Adam's decay of its two moments, with a comma between" },
  'label-smoothing': { check: below1, describe: 'part of each target that all classes share' },
  ema: { check: below1, describe: 'decay of a moving average of the weights, which is validated and kept as best' },
  eps: { check: positive, describe: "Adam's, beside the root of its second moment (1e-8)" },
  'clip-norm': { check: positive, describe: 'the largest norm of all gradients (any)' },
  patience: { check: whole(1), describe: 'end after so many epochs without a better one (never)' },
  'max-time': {
    check: timeSpan,
    describe: 'begin no epoch that would end later, like 90s, 10m or 1.5h; the first is always trained (none)',
  },
  seed: { check: whole(0, MAX_SEED), describe: 'of initial weights, validation split and order', default: '0' },
  'checkpoint-dir': {
    check: path,
    describe: 'folder of the run: its checkpoints and its log',
    default: 'checkpoints',
  },
  name: { check: runName, describe: 'of the run: its folder in --checkpoint-dir (none: that folder itself)' },
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
  tensorboard: { describe: "write event files for TensorBoard into the run's folder" },
  'dry-run': { describe: 'one batch of each phase; writes nothing' },
  ...runtimeFlags,
  json: { describe: 'print JSON events, one a line, instead' },
};

const evaluationFlags: Flags = {
  split: { check: oneOf(['test', 'val', 'train']), describe: 'test | val | train: which images', default: 'test' },
  'limit-test': { check: whole(1), describe: 'evaluate this many images only' },
  worst: {
    check: whole(0),
    describe: 'show so many mistakes as pictures: the wrong answers given with the highest probability',
    default: '0',
  },
  ...runtimeFlags,
};

export const EVAL_FLAGS: Flags = { checkpoint, 'data-dir': dataDir, ...evaluationFlags, json };

export const REPORT_FLAGS: Flags = {
  out: { check: path, describe: "folder to write to (the run's)" },
  'data-dir': { ...dataDir, describe: 'folder with four IDX files (the one that the run was trained on)' },
  ...evaluationFlags,
  worst: { check: whole(0), describe: 'show so many of the worst mistakes as images', default: '12' },
  json,
};

export const REPORT_POSITIONALS: Flags = {
  run: { check: path, describe: "a run's folder, or a checkpoint in it", default: 'checkpoints' },
};

export const PREDICT_FLAGS: Flags = {
  checkpoint,
  ...runtimeFlags,
  json,
};

export const PREDICT_POSITIONALS: Flags = {
  files: { check: pathOfMany, several: true, describe: 'pictures of one digit each; - is standard input' },
};

export const VERIFY_FLAGS: Flags = { json };

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
  json,
};
