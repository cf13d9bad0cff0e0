/** What `resnet export` prints of a network. */
import { expect, test } from '@jest/globals';
import { exportFacts } from '../../../src/export/export-facts.ts';
import type { ExportedNetwork } from '../../../src/export/export-network.ts';
import { LESSON } from '../../../src/net/resnet.ts';
import { exportedText } from '../../../src/report/files/exported.ts';

const exported: ExportedNetwork = {
  ...{ path: 'a\nb', format: 'saved-model', type: 'float16', description: 'a\nb.json' },
  files: [{ name: 'saved_model.pb', bytes: 1000, sha256: 'ab' }],
  input: { shape: [3, 24, 32], numbers: 'normalised' },
  output: 'probabilities',
  proof: { missing: 'run npm run setup' },
};
const result = { exported, checkpoint: 'best', architecture: { ...LESSON, channels: 3, classes: 10 } };

test('an export that nothing could run here is said to be not proved; names stay on their lines', () => {
  expect(exportedText(result).split('\n')).toEqual([
    'a\\u000ab: saved-model, float16, 1,000 bytes',
    '  ResNet-18 (lesson, stem imagenet, width 64), from best',
    '  takes any number of images of 3×24×32 and no other size, normalised numbers; returns probabilities',
    '  written, not proved: run npm run setup',
    '  a\\u000ab.json describes it, with images and their outputs to test with',
    '',
  ]);
  expect(exportFacts(result)).toMatchObject({ bytes: 1000, proof: { missing: 'run npm run setup' } });
});

test('what runs an export, and on which images, follows the answers', () => {
  const proof = { images: 7, same: 7, largestDifference: 1.44e-6, runtime: 'TensorFlow 2', source: 'of a part' };
  expect(exportedText({ ...result, exported: { ...exported, proof } })).toContain(
    '  the same answer on 7 of 7 images of a part, largest difference 1.4e-6 (TensorFlow 2)\n',
  );
});
