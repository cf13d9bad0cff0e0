import { describe, expect, test } from '@jest/globals';
import type { Progress } from '../../src/checkpoint/progress.ts';
import { RandomGenerator } from '../../src/random.ts';
import {
  changesBatches,
  changesValidation,
  compareData,
  mergeSettings,
  progressAfter,
} from '../../src/run/resume-settings.ts';
import { decodeSettings, type RunSettings } from '../../src/run/settings.ts';
import { PROGRESS } from '../checkpoint/example.ts';
import { SETTINGS } from '../support/runs.ts';

/** The changes under these names on the command line. */
function changesOf(...names: string[]) {
  return names.map((name) => ({ name, from: 1, to: 2 }));
}

describe('a resumed run', () => {
  test('has the settings that it had, where nothing is said of them', () => {
    expect(mergeSettings(SETTINGS, {}, [])).toEqual({ settings: SETTINGS, changes: [] });
  });

  test('may be told again what it was told before', () => {
    const settings: RunSettings = { ...SETTINGS, betas: [0.9, 0.99], opByOp: true };
    const again: RunSettings = { ...settings, betas: [0.9, 0.99] };
    expect(mergeSettings(settings, again, [])).toEqual({ settings, changes: [] });
  });

  test('has its settings in the order of a checkpoint’s, whatever is added', () => {
    const { settings } = mergeSettings(SETTINGS, { patience: 9, opByOp: true, warmup: 1 }, []);
    const read = decodeSettings({ ...settings }, (field, problem) => {
      throw new Error(`${field}: ${problem}`);
    });
    expect(Object.keys(settings)).toEqual(Object.keys(read));
  });

  test('may be told that it has none of what it had none of', () => {
    const off: Partial<RunSettings> = { augment: 'none', weightDecay: 0, labelSmoothing: 0, ema: 0 };
    const usual: Partial<RunSettings> = { betas: [0.9, 0.999], epsilon: 1e-8, tensorboard: false, opByOp: false };
    expect(mergeSettings(SETTINGS, { ...off, ...usual }, [])).toEqual({ settings: SETTINGS, changes: [] });
  });

  test.each<[string, Partial<RunSettings>, unknown, unknown]>([
    ['epochs', { epochs: 5 }, 2, 5],
    ['lr', { learningRate: 0.01 }, 0.001, 0.01],
    ['schedule', { schedule: 'cosine' }, 'constant', 'cosine'],
    ['warmup', { warmup: 0.5 }, null, 0.5],
    ['weight-decay', { weightDecay: 0.01 }, null, 0.01],
    ['betas', { betas: [0.9, 0.99] }, null, [0.9, 0.99]],
    ['log-interval', { logInterval: 10 }, 1, 10],
    ['save-interval', { saveInterval: 4 }, null, 4],
    ['data-dir', { dataDir: 'moved' }, null, 'moved'],
    ['no-compile', { opByOp: true }, null, true],
    ['backend', { backend: 'wasm' }, 'auto', 'wasm'],
    ['device', { device: 'cpu' }, 'auto', 'cpu'],
  ])('may change %s, and tells so', (name, given, from, to) => {
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
  ])('never changes %s, whatever is overridden: exit code 2 with both values', (flag, given, both) => {
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
  ])('changes %s only where that is overridden: else exit code 2 with both values', (flag, given, both, from, to) => {
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

describe('its data', () => {
  const data = { sha256: 'c5097fdd', input: [1, 28, 28] };

  test('are the same', () => {
    expect(compareData(data, { ...data }, [])).toEqual([]);
  });

  test('are others only where that is overridden: else exit code 2 with both hashes', () => {
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

  test('are never of another shape: exit code 2 with both', () => {
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

describe('the epoch that is under way', () => {
  const anew: Progress = { ...PROGRESS, batch: 0, sums: { count: 0, lossSum: 0, correct: 0 } };

  test.each(['lr', 'epochs', 'limit-val'])('goes on where it stood, if %s changed', (name) => {
    expect(progressAfter(changesOf(name), PROGRESS, SETTINGS)).toEqual(PROGRESS);
  });

  test.each(['val-size', 'limit-train', 'batch-size', 'data'])('begins anew, if %s changed', (name) => {
    expect(progressAfter(changesOf('lr', name), PROGRESS, SETTINGS)).toEqual(anew);
  });

  test('begins anew with the generators of the new seed, if that changed', () => {
    const shuffle = RandomGenerator.seeded(4, 'shuffle').state();
    const augmentation = RandomGenerator.seeded(4, 'augmentation').state();
    const reseeded = { ...anew, shuffle, augmentation };
    expect(progressAfter(changesOf('seed'), PROGRESS, { ...SETTINGS, seed: 4 })).toEqual(reseeded);
  });
});

test('validation losses compare where the images are the same that they are of', () => {
  for (const name of ['seed', 'val-size', 'limit-val', 'data']) expect(changesValidation(changesOf(name))).toBe(true);
  expect(changesValidation(changesOf('lr', 'epochs', 'batch-size', 'limit-train'))).toBe(false);
  expect(changesBatches(changesOf('lr', 'epochs', 'limit-val'))).toBe(false);
});
