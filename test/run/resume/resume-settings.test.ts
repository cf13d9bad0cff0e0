/** Settings of a resumed run: which may change, and what follows from the changes. */
import { describe, expect, test } from '@jest/globals';
import type { Progress } from '../../../src/checkpoint/progress.ts';
import { RandomGenerator } from '../../../src/random.ts';
import {
  changesSchedule,
  compareData,
  haveEffect,
  mergeSettings,
  progressAfter,
} from '../../../src/run/resume/resume-settings.ts';
import type { Effect } from '../../../src/run/settings/setting.ts';
import { decodeSettings, type RunSettings, SETTINGS as TABLE, TRAINING_DATA } from '../../../src/run/settings.ts';
import { PROGRESS } from '../../checkpoint/example.ts';
import { SETTINGS } from '../../support/runs.ts';

/** Changes of the settings with these flags. */
function changesOf(...names: string[]) {
  return names.map((name) => ({ name, from: 1, to: 2 }));
}

describe('a resumed run', () => {
  test('keeps the settings that are not given again', () => {
    expect(mergeSettings(SETTINGS, {}, [])).toEqual({ settings: SETTINGS, changes: [] });
  });

  test('accepts settings that it has already', () => {
    const settings: RunSettings = { ...SETTINGS, betas: [0.9, 0.99], opByOp: true };
    const again: RunSettings = { ...settings, betas: [0.9, 0.99] };
    expect(mergeSettings(settings, again, [])).toEqual({ settings, changes: [] });
  });

  test('has its settings in the order of a checkpoint, whichever are added', () => {
    const { settings } = mergeSettings(SETTINGS, { patience: 9, opByOp: true, warmup: 1 }, []);
    const read = decodeSettings({ ...settings }, (field, problem) => {
      throw new Error(`${field}: ${problem}`);
    });
    expect(Object.keys(settings)).toEqual(Object.keys(read));
  });

  test('accepts the default of a setting that it has not', () => {
    const off: Partial<RunSettings> = {
      ...{ augment: 'none', classWeights: 'none' },
      ...{ weightDecay: 0, labelSmoothing: 0, ema: 0, bodyRate: 1 },
    };
    const usual: Partial<RunSettings> = {
      normalisation: [0.5, 0.5],
      betas: [0.9, 0.999],
      epsilon: 1e-8,
      tensorboard: false,
      opByOp: false,
      transpose: false,
      bestBy: 'loss',
    };
    expect(mergeSettings(SETTINGS, { ...off, ...usual }, [])).toEqual({ settings: SETTINGS, changes: [] });
  });

  test.each<[string, Partial<RunSettings>, unknown, unknown]>([
    ['epochs', { epochs: 5 }, 2, 5],
    ['lr', { learningRate: 0.01 }, 0.001, 0.01],
    ['schedule', { schedule: 'cosine' }, 'constant', 'cosine'],
    ['warmup', { warmup: 0.5 }, null, 0.5],
    ['augment', { augment: 'photo' }, null, 'photo'],
    ['class-weights', { classWeights: 'balanced' }, null, 'balanced'],
    ['class-weights', { classWeights: [1, 2] }, null, [1, 2]],
    ['best-by', { bestBy: 'macro-f1' }, null, 'macro-f1'],
    ['weight-decay', { weightDecay: 0.01 }, null, 0.01],
    ['betas', { betas: [0.9, 0.99] }, null, [0.9, 0.99]],
    ['lr-body', { bodyRate: 0.1 }, null, 0.1],
    ['thaw-at', { thawAt: 4 }, null, 4],
    ['log-interval', { logInterval: 10 }, 1, 10],
    ['save-interval', { saveInterval: 4 }, null, 4],
    ['data-dir', { dataDir: 'moved' }, null, 'moved'],
    ['data-memory', { dataMemory: 2 ** 30 }, null, 2 ** 30],
    ['no-compile', { opByOp: true }, null, true],
    ['backend', { backend: 'wasm' }, 'auto', 'wasm'],
    ['device', { device: 'cpu' }, 'auto', 'cpu'],
  ])('may change %s, and reports both values', (name, given, from, to) => {
    expect(mergeSettings(SETTINGS, given, [])).toEqual({
      settings: { ...SETTINGS, ...given },
      changes: [{ name, from, to }],
    });
  });

  test.each<[string, Partial<RunSettings>, string]>([
    ['depth', { depth: 34 }, '34, but the run had 18'],
    ['width', { width: 4 }, '4, but the run had 2'],
    ['variant', { variant: 'torchvision' }, 'torchvision, but the run had lesson'],
    ['stem', { stem: 'cifar' }, 'cifar, but the run had imagenet'],
    ['classes', { classes: 9 }, '9, but the run had 10'],
    ['init', { init: 'a.safetensors' }, 'a.safetensors, but the run had none'],
    ['freeze', { freeze: ['stem', 'stage1'] }, 'stem,stage1, but the run had none'],
    ['transpose', { transpose: true }, 'true, but the run had false'],
    ['normalize', { normalisation: [0.1307, 0.3081] }, '0.1307,0.3081, but the run had 0.5,0.5'],
  ])('refuses another --%s in spite of --override, with both values (exit 2)', (flag, given, both) => {
    expect(() => mergeSettings(SETTINGS, given, [flag])).toThrow(
      expect.objectContaining({
        code: 2,
        message: `--resume: --${flag} is now ${both}: it cannot change in a run; leave it out`,
      }),
    );
  });

  test.each<[string, Partial<RunSettings>, string, unknown, unknown]>([
    ['seed', { seed: 4 }, '4, but the run had 3', 3, 4],
    ['batch-size', { batchSize: 16 }, '16, but the run had 8', 8, 16],
    ['val-size', { validationSize: 20 }, '20, but the run had 10', 10, 20],
    ['limit-train', { limitTrain: 30 }, '30, but the run had none', null, 30],
    ['limit-val', { limitValidation: 5 }, '5, but the run had none', null, 5],
  ])('refuses another --%s without --override, with both values (exit 2)', (flag, given, both, from, to) => {
    const refusal = {
      code: 2,
      message: `--resume: --${flag} is now ${both}: leave it out, or add --override ${flag}`,
    };
    expect(() => mergeSettings(SETTINGS, given, [])).toThrow(expect.objectContaining(refusal));
    expect(() => mergeSettings(SETTINGS, given, ['data'])).toThrow(expect.objectContaining(refusal));
    expect(mergeSettings(SETTINGS, given, ['data', flag])).toEqual({
      settings: { ...SETTINGS, ...given },
      changes: [{ name: flag, from, to }],
    });
  });
});

describe('the training data of a resumed run', () => {
  const data = { sha256: 'c5097fdd', input: [1, 28, 28] };

  test('are no change where hash and shape are the same', () => {
    expect(compareData(data, { ...data }, [])).toEqual([]);
  });

  test('of another hash are refused without --override data, with both hashes (exit 2)', () => {
    const found = { ...data, sha256: '0badcafe' };
    expect(() => compareData(data, found, ['seed'])).toThrow(
      expect.objectContaining({
        code: 2,
        message:
          "--resume: the training data's SHA-256 is now 0badcafe, but the run had c5097fdd: give its --data-dir, or add " +
          '--override data',
      }),
    );
    expect(compareData(data, found, ['data'])).toEqual([{ name: 'data', from: 'c5097fdd', to: '0badcafe' }]);
  });

  test('of another image shape are always refused, with both shapes (exit 2)', () => {
    expect(() => compareData(data, { sha256: '0badcafe', input: [1, 32, 28] }, ['data'])).toThrow(
      expect.objectContaining({
        code: 2,
        message:
          '--resume: the shape of the images is now 1×32×28, but the run had 1×28×28: it cannot change in a run; give ' +
          'its --data-dir',
      }),
    );
  });
});

describe('the epoch under way in a resumed run', () => {
  const restarted: Progress = { ...PROGRESS, batch: 0, sums: { count: 0, lossSum: 0, correct: 0 } };

  test.each(['lr', 'epochs', 'limit-val'])('continues where it stopped after a change of %s', (name) => {
    expect(progressAfter(changesOf(name), PROGRESS, SETTINGS)).toEqual(PROGRESS);
  });

  test.each(['val-size', 'limit-train', 'batch-size', 'data'])('starts again after a change of %s', (name) => {
    expect(progressAfter(changesOf('lr', name), PROGRESS, SETTINGS)).toEqual(restarted);
  });

  test('starts again with the generators of the new seed after a change of seed', () => {
    const shuffle = RandomGenerator.seeded(4, 'shuffle').state();
    const augmentation = RandomGenerator.seeded(4, 'augmentation').state();
    const reseeded = { ...restarted, shuffle, augmentation };
    expect(progressAfter(changesOf('seed'), PROGRESS, { ...SETTINGS, seed: 4 })).toEqual(reseeded);
  });
});

test.each<[Effect, string[]]>([
  ['batches', ['seed', 'val-size', 'test-size', 'limit-train', 'batch-size', 'data']],
  ['validation', ['seed', 'val-size', 'test-size', 'limit-val', 'data']],
  ['schedule', ['lr', 'epochs', 'schedule', 'warmup', 'batch-size', 'limit-train', 'val-size', 'test-size', 'data']],
])('only the settings that affect the %s of a resumed run are marked so', (effect, expected) => {
  const names = [...Object.values(TABLE), TRAINING_DATA].map(({ flag }) => flag);
  const affecting = names.filter((name) => haveEffect(changesOf(name), effect));
  expect(affecting.toSorted()).toEqual(expected.toSorted());
});

test('a constant learning rate has no schedule to compute again', () => {
  expect(changesSchedule(changesOf('epochs'), { ...SETTINGS, schedule: 'constant' })).toBe(false);
  expect(changesSchedule(changesOf('epochs'), { ...SETTINGS, schedule: 'cosine' })).toBe(true);
});
