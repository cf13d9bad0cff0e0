/** Test images that the training data hold too. */
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { idxBytes } from '../../scripts/draw-data/idx-bytes.ts';
import type { CheckpointMetadata } from '../../src/checkpoint/metadata.ts';
import { hashTraining, loadDataset } from '../../src/dataset/load.ts';
import { MNIST_TEST_SHA256, MNIST_TRAINING_SHA256 } from '../../src/dataset/mnist.ts';
import { imageIn } from '../../src/dataset/pixels.ts';
import { sha256Of } from '../../src/dataset/prepare/digest.ts';
import { type EvaluationRequest, prepareEvaluation } from '../../src/evaluation/evaluate-checkpoint.ts';
import { twinFigures } from '../../src/evaluation/twins.ts';
import { METADATA } from '../checkpoint/example.ts';
import { drawPets } from '../dataset/survey/pets.ts';
import { columnsDataset } from '../support/datasets.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const SIDE = 12;

/** The names of the twins among the test images. */
async function twinsOf(metadata: CheckpointMetadata, request: Partial<EvaluationRequest> = {}) {
  const file = { metadata, architecture: METADATA.architecture } as unknown as EvaluationRequest['file'];
  const { twins, dataset } = await prepareEvaluation(
    { checkpoint: 'best', file, split: 'test', ...request },
    { notice: () => {} },
  );
  return twins && Array.from(twins, (index) => dataset.nameOf?.(index));
}

/** The metadata of a model that was trained on these data. */
async function trainedOn(dataDir: string, changes: Partial<CheckpointMetadata>): Promise<CheckpointMetadata> {
  const settings = { dataDir, skipBroken: true };
  const { sha256: dataHash } = await hashTraining({ path: dataDir, skipBroken: true });
  return { ...METADATA, dataHash, settings, validationSize: 2, ...changes };
}

describe('of pictures', () => {
  const pets = join(folder, 'pets');
  const reading = {
    input: [3, 48, 64] as const,
    classNames: ['cat', 'dog'],
    preparation: { as: 'picture', fit: 'pad', fill: [0, 0, 0] } as const,
  };
  let metadata: CheckpointMetadata;

  beforeAll(async () => {
    await drawPets(pets);
    metadata = await trainedOn(pets, reading);
  });

  test('are those whose files are equal, not those that look the same', async () => {
    expect(await twinsOf(metadata)).toEqual(['test/cat/again.png']);
  });

  test('are found where other test data are given too, if the training data are where they were', async () => {
    const other = join(folder, 'other');
    cpSync(join(pets, 'test'), other, { recursive: true });
    cpSync(join(pets, 'train', 'dog', '1.png'), join(other, 'dog', 'again.png'));
    expect(await twinsOf(metadata, { dataDir: other })).toEqual(['cat/again.png', 'dog/again.png']);
    const gone = { ...metadata, settings: { dataDir: join(folder, 'gone') } };
    expect(await twinsOf(gone, { dataDir: other })).toBeUndefined();
    expect(await twinsOf(gone, { dataDir: other, runDataDir: pets })).toHaveLength(2);
  });

  test('are not looked for in validation images, nor by a file that does not name its training data', async () => {
    expect(await twinsOf(metadata, { split: 'val' })).toBeUndefined();
    const architecture = { ...METADATA.architecture, channels: 3 as const, classes: 2 };
    const file = { metadata: undefined, architecture } as unknown as EvaluationRequest['file'];
    expect(await twinsOf(metadata, { file, dataDir: pets })).toBeUndefined();
  });

  test('are not looked for where the test images were held out of the training data', async () => {
    const train = join(folder, 'train alone');
    cpSync(join(pets, 'train'), train, { recursive: true });
    expect(readdirSync(train)).toEqual(['cat', 'dog']);
    expect(await twinsOf(await trainedOn(train, reading))).toBeUndefined();
  });
});

describe('of IDX files', () => {
  const digits = join(folder, 'digits');
  const training = columnsDataset(30, SIDE);
  const other = columnsDataset(20, SIDE, 2);
  let metadata: CheckpointMetadata;

  function write(part: 'train' | 't10k', { pixels, labels }: typeof training) {
    writeFileSync(join(digits, `${part}-images-idx3-ubyte`), idxBytes([labels.length, SIDE, SIDE], pixels));
    writeFileSync(join(digits, `${part}-labels-idx1-ubyte`), idxBytes([labels.length], labels));
  }

  beforeAll(async () => {
    cpSync(join(folder, 'pets', 'test', 'cat'), digits, { recursive: true });
    write('train', training);
    const tested = other.pixels.slice();
    for (const [test, train] of [
      [3, 7],
      [4, 29],
    ] as const) {
      // two twins among the test images
      tested.set(training.pixels.subarray(train * SIDE ** 2, (train + 1) * SIDE ** 2), test * SIDE ** 2);
    }
    write('t10k', { ...other, pixels: tested });
    metadata = await trainedOn(digits, { input: [1, SIDE, SIDE] });
  });

  test('are those whose pixels are equal', async () => {
    expect(await twinsOf(metadata)).toEqual(['t10k-images-idx3-ubyte[3]', 't10k-images-idx3-ubyte[4]']);
  });

  test('are looked for among the images that --limit-test leaves', async () => {
    const found = await twinsOf(metadata, { limit: 19 });
    expect(found!.length).toBeGreaterThanOrEqual(1);
    expect(await twinsOf(metadata, { limit: 1 })).not.toHaveLength(2);
  });

  test('are not known where the images were made larger', async () => {
    const settings = { ...metadata.settings, imageSize: '24x24' };
    expect(await twinsOf({ ...metadata, settings, input: [1, 24, 24] })).toBeUndefined();
  });
});

test('MNIST has none, so that its training images need not be read: no test image equals one', async () => {
  const tested = await loadDataset('test');
  expect(tested.sha256).toBe(MNIST_TEST_SHA256);
  const { sha256, digests } = await hashTraining({}, {}, true);
  expect(sha256).toBe(MNIST_TRAINING_SHA256);
  const trained = new Set(digests.train?.images);
  expect(trained.size).toBe(60_000); // and none is there twice
  for (let index = 0; index < tested.count; index++) {
    if (trained.has(sha256Of((await imageIn(tested, index)).pixels))) throw new Error(`${index} is a training image`);
  }
  expect(await twinsOf({ ...METADATA, dataHash: MNIST_TRAINING_SHA256, settings: {} })).toEqual([]);
});

describe('the figures without twins', () => {
  const predictions = [0, 1, 2, 3].map((image) => ({ image, label: 1, predicted: image === 3 ? 0 : 1 }));

  test('are those of the other images', () => {
    expect(twinFigures(predictions, new Set([0, 9, 2]))).toMatchObject({
      twins: 2,
      withoutTwins: { images: 2, correct: 1, accuracy: 0.5 },
    });
  });

  test('are none where there are no twins, where all are, and where nobody knows', () => {
    expect(twinFigures(predictions, new Set())).toEqual({ twins: 0, withoutTwins: null });
    expect(twinFigures(predictions, new Set([0, 1, 2, 3]))).toEqual({ twins: 4, withoutTwins: null });
    expect(twinFigures(predictions, undefined)).toEqual({ twins: null, withoutTwins: null });
  });
});
