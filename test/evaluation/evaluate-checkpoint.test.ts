/** Tests of what is said about images before a checkpoint is evaluated on them. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { hashTraining } from '../../src/dataset/load.ts';
import { type EvaluationRequest, prepareEvaluation } from '../../src/evaluation/evaluate-checkpoint.ts';
import { METADATA } from '../checkpoint/example.ts';
import { drawPets } from '../dataset/survey/pets.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const path = fileURLToPath(new URL('../dataset/formats/files/keras.npz', import.meta.url)); // grey, of no certain background

/** What is warned of on the test part of these data, by a model of them that learned from dark figures on light paper. */
async function warnings(as: 'digit' | 'picture', request: Partial<EvaluationRequest> = {}): Promise<readonly string[]> {
  const metadata = {
    ...{ ...METADATA, input: [1, 8, 8], dataHash: (await hashTraining({ path })).sha256, background: 'light' },
    ...{ settings: { dataDir: path }, preparation: { as, fit: 'pad', fill: [0] } },
  };
  const file = { metadata, architecture: METADATA.architecture } as unknown as EvaluationRequest['file'];
  const prepared = await prepareEvaluation(
    { checkpoint: 'best', file, split: 'test', ...request },
    { notice: () => {} },
  );
  return prepared.warnings;
}

test('another background is warned of where a model reads digits, or other data are given', async () => {
  const warning = [`${path}: images are light on dark, but best learned from dark on light: invert the images`];
  expect(await warnings('digit')).toEqual(warning);
  expect(await warnings('picture', { dataDir: path })).toEqual(warning);
});

test('a model of pictures is not said to know another background on its own test images', async () => {
  expect(await warnings('picture')).toEqual([]);
});

test('the files of a tree without a test part are read once, to find the tree and to know its images', async () => {
  const dataDir = await drawPets(join(folder, 'pets'));
  rmSync(join(dataDir, 'test'), { recursive: true });
  const read = { path: dataDir, skipBroken: true };
  const metadata = {
    ...{ ...METADATA, input: [3, 48, 64], dataHash: (await hashTraining(read)).sha256, validationSize: 2 },
    ...{ settings: { dataDir, skipBroken: true }, classNames: ['cat', 'dog'] },
    preparation: { as: 'picture', fit: 'pad', fill: [0, 0, 0] },
  };
  const file = { metadata, architecture: METADATA.architecture } as unknown as EvaluationRequest['file'];
  let reads = 0;
  const onProgress = ({ doing }: { doing: string }) => {
    if (doing === 'reading') reads++;
  };
  const hooks = { notice: () => {}, onProgress };
  const { dataset } = await prepareEvaluation({ checkpoint: 'best', file, split: 'test' }, hooks);
  expect({ images: dataset.count, reads }).toEqual({ images: 9, reads: 10 });
});
