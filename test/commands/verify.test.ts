/** `resnet verify --json`: the facts of a checkpoint have the names under which they stand in the file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { noTensorFlow, SMALL_RUN } from '../faults/small-run.ts';
import { withFlags } from '../support/flags.ts';
import { resnet } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const testWithTensorFlow = noTensorFlow === undefined ? test : test.skip;

/** The position that stands in the header of a checkpoint. */
function storedProgress(path: string): unknown {
  const bytes = readFileSync(path);
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE())));
  return JSON.parse(header.__metadata__['resnet.progress']);
}

testWithTensorFlow('verify --json tells the position of a run as the checkpoint stores it', async () => {
  const words = withFlags(SMALL_RUN, '--limit-train', '64', '--checkpoint-dir', folder);
  const rate = ['--ema', '0.9', '--weight-decay', '0.1', '--save-interval', '3'];
  expect((await resnet([...words, ...rate])).code).toBe(0);
  const path = join(folder, 'last.safetensors');
  const { code, stdout } = await resnet(['verify', path, '--json']);
  expect(code).toBe(0);
  const [{ metadata }] = JSON.parse(stdout);
  expect(metadata.progress).toEqual(storedProgress(path));
  expect(Object.keys(metadata.progress).toSorted()).toEqual(
    ['epochs', 'step', 'batch', 'sums', 'shuffle', 'augmentation', 'best', 'decayed', 'averaged'].toSorted(),
  );
  expect(Object.keys(metadata.progress.sums)).toEqual(['images', 'lossSum', 'hits']);
  expect(Object.keys(metadata.progress.averaged)).toEqual(['decayed']);
});
