/** Settings of the library are the flags': the same names, the same checks. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { SETTING_TYPES_FILE, settingTypes } from '../../scripts/api/setting-types.ts';
import { readSettings, settingName, underFlagNames, underSettingNames } from '../../src/api/settings.ts';
import { EXPORT_TABLE, PREDICT_TABLE, SUMMARY_TABLE, TRAIN_TABLE } from '../../src/api/tables.ts';
import { ExitCode } from '../../src/errors.ts';
import { TRAIN_FLAGS } from '../../src/flags/train-flags.ts';

test('the types of all settings are those that the tables of the flags give: else run npm run docs:api', () => {
  expect(readFileSync(SETTING_TYPES_FILE, 'utf8')).toBe(settingTypes());
});

test('every flag of train but --json, --yes and --workers is a setting, and its name in camel case leads back to it', () => {
  expect(Object.keys(TRAIN_TABLE)).toEqual(
    Object.keys(TRAIN_FLAGS).filter((name) => !['json', 'yes', 'workers'].includes(name)),
  );
  for (const flag of Object.keys(TRAIN_FLAGS))
    expect(Object.keys(underFlagNames({ [settingName(flag)]: 1 }))).toEqual([flag]);
  expect(underSettingNames({ 'batch-size': 2, lr: undefined })).toEqual({ batchSize: 2 });
});

test.each([
  [{ batchsize: 3 }, 'there is no setting "batchsize"; did you mean batchSize?'],
  [{ json: true }, /^there is no setting "json"; known are recipe, depth, width, /],
  [{ batchSize: 0 }, 'batchSize must be a whole number of at least 1, got 0'],
  [{ batchSize: '64' }, 'batchSize must be a whole number of at least 1, got "64"'],
  [{ batchSize: null }, 'batchSize must be a whole number of at least 1, got null'],
  [{ depth: 19 }, 'depth must be one of 18, 34, 50, 101, 152, got 19; did you mean 18?'],
  [{ device: 'cuda' }, 'device must be one of auto, gpu, cpu, got "cuda"; did you mean gpu?'],
  [{ noCompile: 1 }, 'noCompile must be true or false, got 1'],
  [{ override: 'seed' }, /^override must be an array, each one of seed, .*, got "seed"$/],
  [{ override: ['lr'] }, /^override: each must be one of seed, .*, got "lr"$/],
  [{ resume: 5 }, 'resume must be true, or a path, got 5'],
  [{ resume: '' }, 'resume must be true, or a path, got ""'],
  [{ init: 'a\0b' }, 'init must be a path, got "a\\u0000b"'],
  [{ epochs: Number.NaN }, 'epochs must be a whole number of at least 1, got NaN'],
  [{ epochs: Number.POSITIVE_INFINITY }, 'epochs must be a whole number of at least 1, got Infinity'],
  [{ epochs: [Number.NaN, 1] }, 'epochs must be a whole number of at least 1, got [NaN,1]'],
  [{ epochs: Symbol('x') }, 'epochs must be a whole number of at least 1, got Symbol(x)'],
  [{ epochs: 5n }, 'epochs must be a whole number of at least 1, got 5n'],
  [{ epochs: new Map() }, 'epochs must be a whole number of at least 1, got an object of the class Map'],
  [{ freeze: 'stem' }, /^freeze must be an array of one or more of stem, .*, got "stem"$/],
  [{ freeze: [null] }, /^freeze must be an array of one or more of stem, .*, got \[null\]$/],
  [{ betas: '0.9,0.99' }, 'betas must be an array of two numbers from 0 to below 1, got "0.9,0.99"'],
  [{ betas: new Array(2) }, 'betas must be an array of two numbers from 0 to below 1, got [undefined,undefined]'],
  [{ normalize: '0.5,0.5' }, /^normalize must be auto, or an array of a mean .*, got "0.5,0.5"$/],
  [{ maxTime: '10 days' }, 'maxTime must be a number of seconds above 0, got "10 days"'],
  [{ name: 'a/b' }, /^name must be a folder's name: .*, got "a\/b"$/],
  [{ signal: {} }, 'signal must be an AbortSignal, got {}'],
  [[], 'settings must be an object, got []'],
  ['lr', 'settings must be an object, got "lr"'],
])('refuses %p in one line (exit 2)', (settings, message) => {
  const refused = () => readSettings(TRAIN_TABLE, settings, ['signal']);
  expect(refused).toThrow(expect.objectContaining({ name: 'UserError', code: ExitCode.usage }));
  expect(refused).toThrow(message);
});

test('gives the values under the names of the flags, with their defaults, and what was given alone', () => {
  const { values, given } = readSettings(TRAIN_TABLE, { lr: 0.01, resume: true, seed: undefined });
  expect(given).toEqual({ lr: 0.01, resume: {} });
  expect(values).toMatchObject({ lr: 0.01, 'checkpoint-dir': 'checkpoints' });
  expect(readSettings(TRAIN_TABLE, { resume: 'first' }).given).toEqual({ resume: { path: 'first' } });
  expect(readSettings(TRAIN_TABLE, { resume: false }).given).toEqual({ resume: undefined });
  expect(readSettings(SUMMARY_TABLE, {}).values).toMatchObject({ depth: 18, input: [1, 224, 224], batch: 1 });
});

test('a text stands for a value where the flag is written differently', () => {
  const read = (settings: object) => readSettings(TRAIN_TABLE, settings).given;
  expect(read({ maxTime: '10m', dataMemory: '1M', normalize: 'auto' })).toEqual({
    ...{ 'max-time': 600, 'data-memory': 2 ** 20, normalize: 'auto' },
  });
  expect(read({ classWeights: 'weights.txt', imageSize: 32 })).toEqual({
    ...{ 'class-weights': { file: 'weights.txt' }, 'image-size': '32x32' },
  });
  expect(read({ maxTime: 5, normalize: [0.5, 0.5], betas: [0.9, 0.99] })).toEqual({
    ...{ 'max-time': 5, normalize: [0.5, 0.5], betas: [0.9, 0.99] },
  });
});

test('gives arrays of its own: the caller may change those that it gave', () => {
  const betas = [0.9, 0.99];
  const { given } = readSettings(TRAIN_TABLE, { betas });
  betas[0] = 2;
  expect(given).toEqual({ betas: [0.9, 0.99] });
});

test('refuses a shape of images that is no array of three whole numbers', () => {
  for (const input of ['1x28x28', [1, 28, '28'], [1, 28.5, 28], [1, 28]]) {
    expect(() => readSettings(SUMMARY_TABLE, { input })).toThrow(
      /^input must be an array of channels, height and width, /,
    );
  }
});

test('flags that only say how a command prints are no settings', () => {
  for (const table of [PREDICT_TABLE, SUMMARY_TABLE, TRAIN_TABLE]) expect(table).not.toHaveProperty('format');
  for (const table of [PREDICT_TABLE, SUMMARY_TABLE, TRAIN_TABLE, EXPORT_TABLE])
    expect(table).not.toHaveProperty('json');
  expect(EXPORT_TABLE).toHaveProperty('format');
});
