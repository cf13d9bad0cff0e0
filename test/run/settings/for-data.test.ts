/** Tests of the settings that the data of a new run decide. */

import { describe, expect, test } from '@jest/globals';
import type { DatasetInMemory } from '../../../src/dataset/dataset.ts';
import type { FoundData } from '../../../src/dataset/formats/found.ts';
import { MNIST_TRAINING_SHA256 } from '../../../src/dataset/mnist.ts';
import { splitImages } from '../../../src/dataset/split.ts';
import { meanColour, measuredNormalisation } from '../../../src/dataset/statistics.ts';
import { resolveSettings } from '../../../src/run/recipes.ts';
import { checkSuited, resumedPreparation, settingsForData } from '../../../src/run/settings/for-data.ts';
import type { RunSettings } from '../../../src/run/settings.ts';
import { columnsDataset } from '../../support/datasets.ts';

const PICTURES: DatasetInMemory = { ...columnsDataset(100, 12), format: 'folder', source: 'pets', lacksTest: true };

/** Mean and deviation of the images that are trained on. */
function measuredOf(dataset: DatasetInMemory, validationSize: number): Promise<number[]> {
  return measuredNormalisation(dataset, splitImages(dataset, { validationSize, seed: 0 }).train);
}

describe('the settings of a run', () => {
  test('on MNIST are 5,000 validation images, its usual normalisation, and no word about pictures', async () => {
    const mnist = { ...columnsDataset(100, 12), sha256: MNIST_TRAINING_SHA256 };
    const { settings, preparation } = await settingsForData(resolveSettings({}), mnist);
    expect(settings).toMatchObject({ classes: 10, validationSize: 5000 });
    expect(settings).not.toHaveProperty('normalisation');
    expect(preparation).toBeUndefined();
  });

  test('on pictures are a tenth for validation, measured normalisation, and how pictures are read', async () => {
    const { settings, preparation } = await settingsForData(resolveSettings({}), PICTURES);
    expect(settings).toMatchObject({
      classes: 10,
      validationSize: 0.1,
      normalisation: await measuredOf(PICTURES, 0.1),
    });
    const { train } = splitImages(PICTURES, { validationSize: 0.1, seed: 0 });
    expect(preparation).toEqual({ as: 'picture', fit: 'pad', fill: await meanColour(PICTURES, train) });
  });

  test('keep what the user gives', async () => {
    const given = resolveSettings({ validationSize: 7, normalisation: [0.1, 0.2], fit: 'crop', as: 'digit' });
    const { settings, preparation } = await settingsForData(given, PICTURES);
    expect(settings).toMatchObject({ validationSize: 7, normalisation: [0.1, 0.2] });
    expect(preparation).toMatchObject({ as: 'digit', fit: 'crop' });
  });

  test('are measured of MNIST too, if the user says auto', async () => {
    const mnist = { ...columnsDataset(6000, 12), sha256: MNIST_TRAINING_SHA256 };
    const { settings } = await settingsForData(resolveSettings({ normalisation: 'auto' }), mnist);
    expect(settings.normalisation).toEqual(await measuredOf(mnist, 5000));
  });

  test('leave the normalisation to the file of the initial weights', async () => {
    const { settings } = await settingsForData(resolveSettings({ init: 'other' }), PICTURES);
    expect(settings).not.toHaveProperty('normalisation');
  });

  test.each([
    ['emnist-digits-train-images-idx3-ubyte', true],
    ['emnist-mnist-train-images-idx3-ubyte.gz', true],
    ['qmnist-train-images-idx3-ubyte', true],
    ['emnist-letters-train-images-idx3-ubyte', false],
    ['train-images-idx3-ubyte', false],
  ])('on IDX files named %s say that predict looks for a digit: %p', async (name, isDigit) => {
    const dataset: DatasetInMemory = { ...columnsDataset(100, 12), imagesFile: `data/${name}` };
    expect((await settingsForData(resolveSettings({}), dataset)).preparation === undefined).toBe(isDigit);
  });

  test('fill the padding with the mean colour of the training images', async () => {
    const dataset: DatasetInMemory = {
      ...PICTURES,
      pixels: PICTURES.pixels.map(() => 80),
      contents: Int32Array.from({ length: 400 }, (_, at) => [0, 0, 12, 6][at % 4]!),
    };
    expect((await settingsForData(resolveSettings({}), dataset)).preparation?.fill).toEqual([80]);
  });
});

/** What a reader found, before it opened anything. */
function foundOf(facts: Partial<FoundData>): FoundData {
  const nothing = () => Promise.reject(new Error('nothing is opened'));
  const parts = { train: nothing, ...facts.parts };
  return { format: 'folder', source: 'pets', classNames: undefined, notices: [], leftOut: [], ...facts, parts };
}

describe('a setting for which the data leave no room is refused before they are read (exit 2)', () => {
  const open = () => Promise.reject(new Error('nothing is opened'));
  test.each<[string, Partial<RunSettings>, Partial<FoundData>, string]>([
    [
      '--classes',
      { classes: 3 },
      { classNames: ['ant', 'bee'] },
      '--classes has no effect: pets names its 2 classes; leave it out',
    ],
    [
      '--val-size',
      { validationSize: 5 },
      { parts: { train: open, val: open } },
      '--val-size has no effect: pets has validation images of its own; leave it out',
    ],
    [
      '--test-size',
      { testSize: 5 },
      { parts: { train: open, test: open } },
      '--test-size has no effect: pets has a test part; leave it out',
    ],
    [
      '--test-size',
      { testSize: 5 },
      { format: 'idx' },
      '--test-size has no effect: of IDX files no test images are held out; leave it out',
    ],
  ])('%s', (_, given, facts, message) => {
    expect(() => checkSuited(resolveSettings(given), foundOf(facts))).toThrow(
      expect.objectContaining({ code: 2, message }),
    );
  });

  test('but not if they suit', () => {
    const given = resolveSettings({ classes: 2, validationSize: 0.2, testSize: 0.3 });
    expect(() => checkSuited(given, foundOf({ classNames: ['ant', 'bee'] }))).not.toThrow();
  });
});

test('--as digit is refused for images in colour (exit 2)', async () => {
  const colour: DatasetInMemory = { ...PICTURES, channels: 3, width: 4 };
  await expect(settingsForData(resolveSettings({ as: 'digit' }), colour)).rejects.toThrow(
    expect.objectContaining({
      code: 2,
      message: '--as digit reads grey pictures, but the images have 3 channels; add --channels 1',
    }),
  );
});

describe('a resumed run reads pictures as its checkpoint says', () => {
  const saved = { as: 'picture', fit: 'crop', fill: [7] } as const;
  const train = Int32Array.of(0, 1, 2);

  test('unless --as is given now', async () => {
    expect(await resumedPreparation({}, PICTURES, train, saved)).toEqual(saved);
    expect(await resumedPreparation({ as: 'digit' }, PICTURES, train, saved)).toEqual({ ...saved, as: 'digit' });
  });

  test('and one of digits in IDX files can read whole pictures from now on', async () => {
    const digits = columnsDataset(100, 12);
    expect(await resumedPreparation({}, digits, train, undefined)).toBeUndefined();
    const fill = await meanColour(digits, train);
    expect(await resumedPreparation({ as: 'picture' }, digits, train, undefined)).toEqual({
      as: 'picture',
      fit: 'pad',
      fill,
    });
  });
});
