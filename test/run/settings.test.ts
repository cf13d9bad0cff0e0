import { describe, expect, test } from '@jest/globals';
import { RECIPES, resolveSettings } from '../../src/run/recipes.ts';
import { decodeSettings, OVERRIDES, type RunSettings, settingsOf, SETTINGS as TABLE } from '../../src/run/settings.ts';
import { SETTINGS } from '../support/runs.ts';

/** A run of which everything is said. */
const FULL: Required<RunSettings> = {
  ...SETTINGS,
  recipe: 'best',
  patience: 3,
  maxTime: 60,
  init: 'other/best.safetensors',
  dataDir: 'data',
  limitTrain: 100,
  limitValidation: 5,
  saveInterval: 7,
  warmup: 0.5,
  augment: 'shift',
  weightDecay: 0.01,
  betas: [0.9, 0.99],
  epsilon: 1e-6,
  clipNorm: 1,
  ema: 0.99,
  labelSmoothing: 0.1,
  tensorboard: true,
  opByOp: true,
  backend: 'tensorflow',
  device: 'cpu',
};

function decoded(saved: object): RunSettings {
  return decodeSettings(JSON.parse(JSON.stringify(saved)), (field, problem) => {
    throw new Error(`${field}: ${problem}`);
  });
}

test('settings come back from a checkpoint as they were, those that were not given absent', () => {
  expect(decoded(FULL)).toEqual(FULL);
  expect(decoded(SETTINGS)).toEqual(SETTINGS);
  expect(Object.keys(decoded(SETTINGS)).sort()).toEqual(Object.keys(SETTINGS).sort());
});

test('a checkpoint from before there were schedules has a constant learning rate', () => {
  const { schedule: _, ...older } = SETTINGS;
  expect(decoded(older)).toEqual({ ...SETTINGS, schedule: 'constant' });
});

test('what a checkpoint says beside them is passed over', () => {
  expect(decoded({ ...SETTINGS, mood: 'good' })).toEqual(SETTINGS);
});

describe('a setting that a checkpoint has wrong is named', () => {
  const wrong: Record<keyof RunSettings, [value: unknown, problem: string]> = {
    depth: [20, 'expected one of 18, 34, 50, 101, 152, got 20'],
    width: [0, 'expected an integer of at least 1, got 0'],
    variant: ['timm', 'expected one of lesson, torchvision, got "timm"'],
    stem: [1, 'expected one of imagenet, cifar, got 1'],
    classes: [1.5, 'expected an integer of at least 1, got 1.5'],
    init: [7, 'expected text, got 7'],
    seed: [2 ** 32, 'expected an integer from 0 to 4294967295, got 4294967296'],
    batchSize: ['8', 'expected an integer of at least 1, got "8"'],
    validationSize: [0, 'expected an integer of at least 1, got 0'],
    limitTrain: [null, 'expected an integer of at least 1, got null'],
    limitValidation: [0, 'expected an integer of at least 1, got 0'],
    dataDir: [[], 'expected text, got []'],
    recipe: ['slow', 'expected one of lesson, fast, best, sprint, got "slow"'],
    patience: [0, 'expected an integer of at least 1, got 0'],
    maxTime: [0, 'expected a number above 0, got 0'],
    epochs: [0, 'expected an integer of at least 1, got 0'],
    learningRate: [0, 'expected a number above 0, got 0'],
    schedule: ['exp', 'expected one of constant, linear, cosine, one-cycle, step, got "exp"'],
    warmup: [-1, 'expected a number of at least 0, got -1'],
    augment: ['flip', 'expected one of none, shift, affine, got "flip"'],
    weightDecay: ['0', 'expected a number of at least 0, got "0"'],
    betas: [[0.9], 'expected a list of 2, got [0.9]'],
    epsilon: [0, 'expected a number above 0, got 0'],
    clipNorm: [-1, 'expected a number above 0, got -1'],
    ema: [1, 'expected a number from 0 to below 1, got 1'],
    labelSmoothing: [1, 'expected a number from 0 to below 1, got 1'],
    logInterval: [true, 'expected an integer of at least 1, got true'],
    saveInterval: [-5, 'expected an integer of at least 1, got -5'],
    tensorboard: ['yes', 'expected true or false, got "yes"'],
    opByOp: ['yes', 'expected true or false, got "yes"'],
    backend: ['torch', 'expected one of auto, tensorflow, wasm, got "torch"'],
    device: ['tpu', 'expected one of auto, gpu, cpu, got "tpu"'],
  };

  test.each(Object.entries(wrong))('%s', (name, [value, problem]) => {
    expect(() => decoded({ ...FULL, [name]: value })).toThrow(`settings.${name}: ${problem}`);
  });

  const { schedule: _, ...needed } = SETTINGS;
  test.each(Object.keys(needed))('%s, where it is missing', (name) => {
    expect(() => decoded({ ...FULL, [name]: undefined })).toThrow(`settings.${name}: is missing, expected `);
  });
});

test('settings are told from the other flags of a command line, which are passed over', () => {
  const flags = { lr: 0.1, 'batch-size': 4, 'no-compile': true, init: undefined, json: true, resume: {} };
  expect(settingsOf(flags)).toEqual({ learningRate: 0.1, batchSize: 4, opByOp: true });
});

test('what makes another run of it can be overridden, but not what makes another network', () => {
  expect(OVERRIDES).toEqual(['seed', 'batch-size', 'val-size', 'limit-train', 'limit-val', 'data']);
});

test('a flag that is given goes before its recipe, and that before a default; the order is that of a checkpoint’s', () => {
  const settings = resolveSettings({ recipe: 'sprint', width: 64, seed: 3 }, { lr: 0.5 });
  expect(settings).toEqual({ ...RECIPES.sprint, recipe: 'sprint', learningRate: 0.5, seed: 3 });
  const best = resolveSettings({ recipe: 'best', stem: 'imagenet', width: 64 }, { stem: 'imagenet' });
  expect(best).toEqual({ ...RECIPES.best, recipe: 'best', stem: 'imagenet' });
  expect(Object.keys(settings)).toEqual(Object.keys(TABLE).filter((name) => Object.hasOwn(settings, name)));
});
