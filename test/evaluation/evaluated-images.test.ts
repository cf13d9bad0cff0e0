/** Tests of which images a checkpoint is evaluated on. */
import { describe, expect, test } from '@jest/globals';
import type { Dataset } from '../../src/dataset/dataset.ts';
import { splitImages } from '../../src/dataset/split.ts';
import { indicesOf } from '../../src/evaluation/evaluated-images.ts';
import type { ModelFile } from '../../src/model/model-file.ts';
import { METADATA } from '../checkpoint/example.ts';
import { columnsDataset } from '../support/datasets.ts';

const SHA256 = 'a'.repeat(64);
const pictures: Dataset = {
  ...columnsDataset(100, 12),
  source: 'pets',
  format: 'folder',
  sha256: SHA256,
  lacksTest: true,
};
const trained = { ...METADATA, dataHash: SHA256, validationSize: 10, seed: 3, settings: { testSize: 0.2 } };
const fileOf = (metadata: ModelFile['metadata']) => ({ metadata }) as ModelFile;

describe('of data without a test part, a model is tested', () => {
  test('on the images that its run held out, if it was trained on them', () => {
    const { test: held, validation, train } = splitImages(pictures, { validationSize: 10, testSize: 0.2, seed: 3 });
    expect(held).toHaveLength(20);
    expect(indicesOf(pictures, 'test', fileOf(trained), 'best')).toEqual(held);
    expect(indicesOf(pictures, 'val', fileOf(trained), 'best')).toEqual(validation);
    expect(indicesOf(pictures, 'train', fileOf(trained), 'best')).toEqual(train);
  });

  test('on all images, if it was trained on others, or that is not known', () => {
    for (const metadata of [METADATA, undefined]) {
      expect(indicesOf(pictures, 'test', fileOf(metadata), 'best')).toHaveLength(100);
    }
  });
});

test('a test part is evaluated whole', () => {
  expect(indicesOf({ ...pictures, isTestPart: true }, 'test', fileOf(trained), 'best')).toHaveLength(100);
});

test('IDX files without test images are refused: all of them were trained on (exit 3)', () => {
  const { lacksTest: _, ...idx } = pictures;
  expect(() => indicesOf(idx, 'test', fileOf(trained), 'best')).toThrow(
    expect.objectContaining({
      code: 3,
      message: 'pets: has no test images; give --split val, or other data with --data-dir',
    }),
  );
});

test('the validation images of a file that does not know its data are refused (exit 2, or 3 for other data)', () => {
  expect(() => indicesOf(pictures, 'val', fileOf(undefined), 'best')).toThrow(expect.objectContaining({ code: 2 }));
  expect(() => indicesOf(pictures, 'val', fileOf(METADATA), 'best')).toThrow(expect.objectContaining({ code: 3 }));
});
