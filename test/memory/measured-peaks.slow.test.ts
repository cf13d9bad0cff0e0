/** The estimates of memory beside what real processes take, for several shapes of training and for an evaluation. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { idxBytes } from '../../scripts/draw-data/idx-bytes.ts';
import { loadDataset } from '../../src/dataset/load.ts';
import { evaluationNeed } from '../../src/evaluation/memory-need.ts';
import type { MemoryNeed } from '../../src/memory/check.ts';
import { readModelFile } from '../../src/model/model-file.ts';
import { BODY_PARTS } from '../../src/net/parts.ts';
import { checkNetwork } from '../../src/run/prepare-run.ts';
import { resolveSettings } from '../../src/run/recipes.ts';
import { dataChoiceOf, settingsForData } from '../../src/run/settings/for-data.ts';
import { type RunSettings, SETTINGS } from '../../src/run/settings.ts';
import { peakMemory } from '../faults/peak-memory.ts';
import { columnsDataset } from '../support/datasets.ts';
import { resnet } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MEBIBYTE = 2 ** 20;
const folder = temporaryFolder();
const largeImages = join(folder, 'large-images');

/** Few steps: a process has its peak after two, and the checkpoint that follows. */
const SHORT = { recipe: 'lesson', epochs: 1, limitTrain: 256, limitValidation: 100, device: 'cpu' } as const;

/** Writes 500 training images of 64×64 pixels. */
function writeLargeImages(): void {
  const { pixels, labels, count, height, width } = columnsDataset(500, 64);
  mkdirSync(largeImages);
  writeFileSync(join(largeImages, 'train-images-idx3-ubyte'), idxBytes([count, height, width], pixels));
  writeFileSync(join(largeImages, 'train-labels-idx1-ubyte'), idxBytes([count], labels));
}

/** The estimate over the peak of the process that ran this command. */
async function estimateOverPeak(words: readonly string[], { peak, batch }: MemoryNeed): Promise<number> {
  const { environment, peakMiB } = peakMemory(folder);
  const { code, stderr } = await resnet([...words, '--device', 'cpu'], environment);
  expect([code, stderr]).toEqual([0, '']);
  return peak(batch) / MEBIBYTE / peakMiB();
}

/** The memory that the command line asks for. */
async function needOf(given: Partial<RunSettings>): Promise<MemoryNeed> {
  const resolved = resolveSettings(given);
  const dataset = await loadDataset('train', await dataChoiceOf(resolved));
  const { settings } = await settingsForData(resolved, dataset);
  let found: MemoryNeed | undefined;
  const note = (need: MemoryNeed) => {
    found = need;
  };
  await checkNetwork(settings, dataset, note, { saves: true });
  if (!found) throw new Error('the memory was not checked');
  return found;
}

describeWithTensorFlow('the estimate of memory is within 30 % of the peak', () => {
  test.each<[string, Partial<RunSettings>]>([
    ['the lesson', { batchSize: 64, limitTrain: 128 }],
    ['large batches', { batchSize: 512, width: 32, limitTrain: 1024 }],
    ['large maps', { batchSize: 128, stem: 'cifar', width: 16 }],
    ['depth 50', { batchSize: 128, depth: 50, width: 16 }],
    ['a frozen body', { batchSize: 512, limitTrain: 1024, freeze: BODY_PARTS, init: join(folder, 'the lesson') }],
    ['large images', { batchSize: 64, dataDir: largeImages, validationSize: 200, limitTrain: 128 }],
  ])('of training: %s, with %j', async (name, shape) => {
    if (shape.dataDir) writeLargeImages();
    const given: Partial<RunSettings> = { ...SHORT, ...shape };
    const flags = Object.entries({ ...given, device: undefined }).flatMap(([name, value]) => {
      const flag = `--${SETTINGS[name as keyof RunSettings].flag}`;
      return value === undefined ? [] : value === true ? [flag] : [flag, String(value)];
    });
    const run = join(folder, name);
    const ratio = await estimateOverPeak(['train', ...flags, '--checkpoint-dir', run], await needOf(given));
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.3);
  });

  test('of an evaluation', async () => {
    const checkpoint = join(folder, 'the lesson', 'best.safetensors');
    const images = { ...(await loadDataset('test')), evaluated: 500 };
    const need = evaluationNeed(await readModelFile(checkpoint), images, { device: 'cpu' }, true, () => '');
    const ratio = await estimateOverPeak(['eval', '--checkpoint', checkpoint, '--limit-test', '500'], need);
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.3);
  });
});
