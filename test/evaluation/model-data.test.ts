/** Which data a model was trained on, and whether they are found. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { hashTraining } from '../../src/dataset/load.ts';
import { MNIST_TRAINING_SHA256 } from '../../src/dataset/mnist.ts';
import { findModelData, modelDataOf } from '../../src/evaluation/model-data.ts';
import { METADATA } from '../checkpoint/example.ts';
import { writeTrainingData } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();
const folder = join(root, 'data');
writeTrainingData(folder, 20);
const other = join(root, 'other');
writeTrainingData(other, 30);
const { sha256 } = await hashTraining({ path: folder });

function metadataOf(dataDir: string | undefined, dataHash = sha256) {
  return { ...METADATA, dataHash, settings: dataDir === undefined ? {} : { dataDir } };
}

describe('the data of a model are found', () => {
  test('in the folder that its checkpoint names', async () => {
    expect((await findModelData({ metadata: metadataOf(folder), runDataDir: other }, 'best')).path).toBe(folder);
  });

  test('in the folder that its run names, if the checkpoint names none, or one that is gone or holds others', async () => {
    for (const named of [undefined, join(root, 'gone'), other]) {
      expect((await findModelData({ metadata: metadataOf(named), runDataDir: folder }, 'best')).path).toBe(folder);
    }
  });

  test('in MNIST by its hash, whatever became of a folder', async () => {
    for (const named of [undefined, join(root, 'gone'), other]) {
      expect(
        (await findModelData({ metadata: metadataOf(named, MNIST_TRAINING_SHA256) }, 'best')).path,
      ).toBeUndefined();
    }
  });

  test('in MNIST for a file of another tool', async () => {
    expect((await findModelData({ metadata: undefined }, 'best')).path).toBeUndefined();
  });
});

describe('the data of a model are refused (exit 3, names --data-dir)', () => {
  const message = 'best: trained on other data than MNIST; give --data-dir';

  async function refusal(dataDir: string | undefined, reason: string) {
    await expect(findModelData({ metadata: metadataOf(dataDir) }, 'best')).rejects.toThrow(
      expect.objectContaining({ code: 3, message: message + reason }),
    );
  }

  test('if no folder is known', () => refusal(undefined, ''));

  test('if the folder is gone', () =>
    refusal(join(root, 'gone'), ` (${join(root, 'gone')}: no such file or folder; check its name)`));

  test('if the folder holds other training images', async () => {
    await refusal(other, ` (${other}: the SHA-256 of its training data differs)`);
  });

  test('if a file is missing from the folder', async () => {
    const half = join(root, 'half');
    mkdirSync(half);
    const labels = join(half, 'train-labels-idx1-ubyte');
    writeTrainingData(join(root, 'moved'), 20);
    renameSync(join(root, 'moved', 'train-labels-idx1-ubyte'), labels);
    const expected = 'expected the four IDX files of MNIST or a similar data set, plain or .gz, in this folder';
    await refusal(half, ` (${join(half, 'train-images-idx3-ubyte')}: no such file; ${expected})`);
  });

  test('if a file of the folder is no IDX file', async () => {
    const broken = join(root, 'broken');
    writeTrainingData(broken, 20);
    writeFileSync(join(broken, 'train-images-idx3-ubyte'), 'no images');
    const fault = 'length: found 9 bytes, expected at least 16, the header of an IDX file';
    await refusal(broken, ` (${join(broken, 'train-images-idx3-ubyte')}: ${fault})`);
  });
});

describe('what a model was trained on is known', () => {
  test('of a file of this tool', async () => {
    const metadata = {
      ...metadataOf(folder),
      background: 'light' as const,
      settings: { dataDir: folder, transpose: true },
    };
    expect(modelDataOf({ metadata })).toEqual({
      ...{ source: folder, isMnist: false, transposed: true, background: 'light' },
    });
    expect(modelDataOf({ metadata: metadataOf(undefined) })?.source).toBe('other data than MNIST');
  });

  test('of a file from before there were backgrounds only by MNIST’s hash', async () => {
    const older = { ...metadataOf(folder), background: undefined };
    expect(modelDataOf({ metadata: older })?.background).toBeUndefined();
    const mnist = { source: 'MNIST', isMnist: true, transposed: false, background: 'dark' };
    const olderMnist = { ...older, dataHash: MNIST_TRAINING_SHA256, settings: {} };
    expect(modelDataOf({ metadata: olderMnist })).toEqual(mnist);
  });

  test('not of a file of another tool', async () => {
    expect(modelDataOf({ metadata: undefined })).toBeUndefined();
  });
});
