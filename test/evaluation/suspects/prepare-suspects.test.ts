/** Tests of loading the images whose labels a model judges. */
import { expect, test } from '@jest/globals';
import { prepareSuspects } from '../../../src/evaluation/suspects/prepare-suspects.ts';
import { LESSON } from '../../../src/net/resnet.ts';
import { METADATA } from '../../checkpoint/example.ts';

test('data that are not found are asked for as `resnet data` takes them, which has no --data-dir (exit 3)', async () => {
  const metadata = { ...METADATA, dataHash: 'f'.repeat(64), settings: {} };
  const state = { values: new Map(), batchesTracked: 0 };
  const file = { metadata, state, checksum: undefined, architecture: { ...LESSON, channels: 1, classes: 10 } };
  await expect(prepareSuspects({ checkpoint: 'best', file }, { notice: () => {} })).rejects.toMatchObject({
    code: 3,
    message: 'best: trained on other data than MNIST; give the folder of the data',
  });
});
