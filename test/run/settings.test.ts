/** Settings of a run, from a command line and from a checkpoint; and the table that describes each in one place. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SETTING_TYPES_FILE } from '../../scripts/api/setting-types.ts';
import { DEFAULT_RECIPE, defaultOf, RECIPES, resolveSettings } from '../../src/run/recipes.ts';
import {
  decodeSettings,
  OVERRIDES,
  type RunSettings,
  SETTING_ENTRIES,
  settingsOf,
  SETTINGS as TABLE,
} from '../../src/run/settings.ts';
import { SETTINGS } from '../support/runs.ts';

/** A run for which every setting is given. */
const FULL: Required<RunSettings> = {
  ...SETTINGS,
  recipe: 'best',
  bestBy: 'macro-f1',
  patience: 3,
  maxTime: 60,
  init: 'other/best.safetensors',
  initFrom: 'state_dict_ema',
  head: 'new',
  normalisation: [0.1307, 0.3081],
  dataDir: 'data',
  transpose: true,
  testSize: 0.2,
  dataFormat: 'folder',
  classNames: 'names.txt',
  fileColumn: 'file',
  labelColumn: 'label',
  splitColumn: 'split',
  skipBroken: true,
  imageSize: '48x64',
  fit: 'crop',
  channels: 3,
  as: 'picture',
  limitTrain: 100,
  limitValidation: 5,
  saveInterval: 7,
  warmup: 0.5,
  augment: 'shift',
  classWeights: [0.5, 1, 1, 1, 1, 1, 1, 1, 1, 2],
  weightDecay: 0.01,
  betas: [0.9, 0.99],
  epsilon: 1e-6,
  clipNorm: 1,
  ema: 0.99,
  labelSmoothing: 0.1,
  bodyRate: 0.1,
  freeze: ['stem', 'stage1'],
  thawAt: 2,
  syncBatchNorm: true,
  reduce: 'bfloat16',
  tensorboard: true,
  dataMemory: 512 * 2 ** 20,
  opByOp: true,
  backend: 'tensorflow',
  device: 'cpu',
};

function decoded(saved: object): RunSettings {
  return decodeSettings(JSON.parse(JSON.stringify(saved)), (field, problem) => {
    throw new Error(`${field}: ${problem}`);
  });
}

test('settings come back from a checkpoint as they were saved, and those that were not given stay absent', () => {
  expect(decoded(FULL)).toEqual(FULL);
  expect(decoded(SETTINGS)).toEqual(SETTINGS);
  expect(Object.keys(decoded(SETTINGS)).sort()).toEqual(Object.keys(SETTINGS).sort());
});

test('a checkpoint from before there were schedules has a constant learning rate', () => {
  const { schedule: _, ...older } = SETTINGS;
  expect(decoded(older)).toEqual({ ...SETTINGS, schedule: 'constant' });
});

test('what is no setting in a checkpoint is passed over', () => {
  expect(decoded({ ...SETTINGS, mood: 'good' })).toEqual(SETTINGS);
});

describe('an invalid setting in a checkpoint is refused by name', () => {
  const wrong: Record<keyof RunSettings, [value: unknown, problem: string]> = {
    depth: [20, 'expected one of 18, 34, 50, 101, 152, got 20'],
    width: [0, 'expected a whole number from 1 to 1024, got 0'],
    variant: ['timm', 'expected one of lesson, torchvision, got "timm"'],
    stem: [1, 'expected one of imagenet, cifar, got 1'],
    classes: [1.5, 'expected a whole number from 1 to 65535, got 1.5'],
    init: [7, 'expected a path, got 7'],
    initFrom: ['', 'expected a name, got ""'],
    head: ['old', 'expected one of keep, new, got "old"'],
    normalisation: [
      [0.5, 0],
      'expected auto, or an array of a mean and a standard deviation of at least 0.000001, or of all means and then all deviations of the channels, got [0.5,0]',
    ],
    seed: [2 ** 32, 'expected a whole number from 0 to 4294967295, got 4294967296'],
    batchSize: ['8', 'expected a whole number of at least 1, got "8"'],
    validationSize: [0, 'expected a whole number of at least 1, or a fraction between 0 and 1, got 0'],
    testSize: [1.5, 'expected a whole number of at least 1, or a fraction between 0 and 1, got 1.5'],
    limitTrain: [null, 'expected a whole number of at least 1, got null'],
    limitValidation: [0, 'expected a whole number of at least 1, got 0'],
    dataDir: [[], 'expected a path, got []'],
    transpose: [1, 'expected true or false, got 1'],
    dataFormat: ['zip', 'expected one of idx, folder, cifar, npz, npy, parquet, csv, got "zip"'],
    classNames: ['', 'expected a path, got ""'],
    fileColumn: [1, 'expected a name, got 1'],
    labelColumn: [2, 'expected a name, got 2'],
    splitColumn: [3, 'expected a name, got 3'],
    skipBroken: ['no', 'expected true or false, got "no"'],
    imageSize: ['0x3', 'expected a side or HxW in pixels, each from 1 to 65536, like 64 or 48x64, got "0x3"'],
    fit: ['cover', 'expected one of pad, crop, stretch, got "cover"'],
    channels: [4, 'expected one of 1, 3, got 4'],
    as: ['word', 'expected one of digit, picture, got "word"'],
    recipe: ['slow', 'expected one of lesson, fast, best, sprint, photo, finetune, got "slow"'],
    bestBy: ['f1', 'expected one of loss, accuracy, balanced-accuracy, macro-f1, got "f1"'],
    patience: [0, 'expected a whole number of at least 1, got 0'],
    maxTime: [0, 'expected a number of seconds above 0, got 0'],
    epochs: [0, 'expected a whole number of at least 1, got 0'],
    learningRate: [0, 'expected a number above 0, within single precision, got 0'],
    schedule: ['exp', 'expected one of constant, linear, cosine, one-cycle, step, got "exp"'],
    warmup: [-1, 'expected a number of at least 0, got -1'],
    augment: ['turn', 'expected one of none, shift, affine, flip, photo, got "turn"'],
    classWeights: [
      [1, 0],
      'expected none, balanced, or an array with a number from 0.000001 to 1000000 for each class, got [1,0]',
    ],
    weightDecay: ['0', 'expected a number of at least 0, got "0"'],
    betas: [[0.9], 'expected an array of two numbers from 0 to below 1, got [0.9]'],
    epsilon: [0, 'expected a number above 0, within single precision, got 0'],
    clipNorm: [-1, 'expected a number above 0, within single precision, got -1'],
    ema: [1, 'expected a number from 0 to below 1, got 1'],
    labelSmoothing: [1, 'expected a number from 0 to below 1, got 1'],
    bodyRate: [0, 'expected a number above 0, within single precision, got 0'],
    freeze: [
      ['stage1', 'stem'],
      'expected an array of one or more of stem, stage1, stage2, stage3, stage4, each once and in this order, got ["stage1","stem"]',
    ],
    thawAt: [1, 'expected a whole number of at least 2, got 1'],
    syncBatchNorm: [1, 'expected true or false, got 1'],
    reduce: ['float16', 'expected one of float32, bfloat16, got "float16"'],
    logInterval: [true, 'expected a whole number of at least 1, got true'],
    saveInterval: [-5, 'expected a whole number of at least 1, got -5'],
    tensorboard: ['yes', 'expected true or false, got "yes"'],
    dataMemory: [0, 'expected a whole number of bytes above 0, got 0'],
    opByOp: ['yes', 'expected true or false, got "yes"'],
    backend: ['torch', 'expected one of auto, tensorflow, wasm, got "torch"'],
    device: ['tpu', 'expected one of auto, gpu, cpu, got "tpu"'],
  };

  test.each(Object.entries(wrong))('settings.%s with a wrong value', (name, [value, problem]) => {
    expect(() => decoded({ ...FULL, [name]: value })).toThrow(`settings.${name}: ${problem}`);
  });

  const { schedule: _, as: __, normalisation: ___, ...needed } = SETTINGS;
  test.each(Object.keys(needed))('settings.%s that is missing', (name) => {
    expect(() => decoded({ ...FULL, [name]: undefined })).toThrow(`settings.${name}: is missing, expected `);
  });
});

test('flags of a command line that are no settings are passed over', () => {
  const flags = { lr: 0.1, 'batch-size': 4, 'no-compile': true, init: undefined, json: true, resume: {} };
  expect(settingsOf(flags)).toEqual({ learningRate: 0.1, batchSize: 4, opByOp: true });
});

test('--override may name what makes another run, but not what makes another network', () => {
  expect(OVERRIDES).toEqual(['seed', 'batch-size', 'val-size', 'test-size', 'limit-train', 'limit-val', 'data']);
});

test('a new run has the settings of the user, else of the recipe, else the defaults, in the order of a checkpoint', () => {
  const defaults = { depth: 18, variant: 'lesson', stem: 'imagenet', seed: 0 };
  const others = { logInterval: 100, backend: 'auto', device: 'auto' };
  const settings = resolveSettings({ recipe: 'sprint', learningRate: 0.5, seed: 3 });
  expect(settings).toEqual({
    ...{ ...defaults, ...others, ...RECIPES.sprint },
    ...{ recipe: 'sprint', learningRate: 0.5, seed: 3 },
  });
  const best = resolveSettings({ recipe: 'best', stem: 'imagenet' });
  expect(best).toEqual({ ...defaults, ...others, ...RECIPES.best, recipe: 'best', stem: 'imagenet' });
  expect(Object.keys(settings)).toEqual(Object.keys(TABLE).filter((name) => Object.hasOwn(settings, name)));
  expect(resolveSettings({ recipe: 'photo' })).not.toHaveProperty('stem'); // the size of the images decides
  expect(resolveSettings({})).toEqual({ ...defaults, width: 64, ...others, ...RECIPES.fast, recipe: DEFAULT_RECIPE });
});

test('the order of the settings is that of the checkpoints which exist: their bytes depend on it', () => {
  expect(Object.keys(TABLE)).toEqual([
    ...['depth', 'width', 'variant', 'stem', 'classes', 'init', 'initFrom', 'head', 'normalisation'],
    ...['seed', 'batchSize', 'validationSize', 'testSize', 'limitTrain', 'limitValidation', 'dataDir', 'transpose'],
    ...['dataFormat', 'classNames', 'fileColumn', 'labelColumn', 'splitColumn'],
    ...['skipBroken', 'imageSize', 'fit', 'channels', 'as'],
    ...['recipe', 'epochs', 'bestBy', 'patience', 'maxTime', 'learningRate', 'schedule', 'warmup'],
    ...[
      'augment',
      'classWeights',
      'weightDecay',
      'betas',
      'epsilon',
      'clipNorm',
      'labelSmoothing',
      'ema',
      'bodyRate',
      'freeze',
      'thawAt',
      'syncBatchNorm',
      'reduce',
    ],
    ...['logInterval', 'saveInterval', 'tensorboard', 'dataMemory', 'opByOp', 'backend', 'device'],
  ]);
});

test.each(SETTING_ENTRIES)(
  'every default of %s, the recipes’ too, is a valid value that its text spells',
  (name, row) => {
    const recipes = Object.keys(RECIPES) as (keyof typeof RECIPES)[];
    for (const value of recipes.map((recipe) => defaultOf(name, recipe)).filter((each) => each !== undefined)) {
      expect(row.values.isValid(value)).toBe(true);
      expect(row.values.parse(String(value))).toEqual(value);
    }
  },
);

test('a setting is described in one place: three files name label smoothing, its table, its step and its recipes', () => {
  const files = ['src', 'bench', 'scripts'].flatMap((folder) => {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file));
  });
  const naming = files.filter(
    (file) => /\.\w+$/.test(file) && /labelSmoothing|label-smoothing/.test(readFileSync(file, 'utf8')),
  );
  const described = naming.filter((file) => file !== SETTING_TYPES_FILE); // it is written from the table
  expect(described.toSorted()).toEqual(['src/engine/hyperparameters.ts', 'src/engine/step.ts', 'src/run/recipes.ts']);
});
