/** Fine-tuning from a file of PyTorch: another head, other channels, a frozen body, refusals. */
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { writeDigitTree } from '../../scripts/draw-data/digit-tree.ts';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import { unblockDecoders } from '../support/decoders.ts';
import { withRuntime } from '../support/own-cache.ts';
import { resnet } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { copySharedRun } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

unblockDecoders();

const folder = temporaryFolder();
/** A tree of three of the ten digits. */
const tree = join(folder, 'three');
/** The shared run's model of ten digits, exported. */
const init = join(folder, 'model.pth');
process.env.RESNET_CACHE = withRuntime(join(folder, 'cache'));

/** Trains on the tree, from the exported model. */
const train = (name: string, ...words: string[]) =>
  resnet([
    ...['train', tree, '--init', init, '--width', '4', '--no-compile', '--batch-size', '16', '--val-size', '10'],
    ...['--recipe', 'lesson', '--epochs', '1', '--seed', '3', '--checkpoint-dir', join(folder, name), ...words],
  ]);

const bestOf = (name: string) => loadCheckpoint(join(folder, name, 'best.safetensors'));

describeWithTensorFlow('fine-tuning', () => {
  beforeAll(async () => {
    const run = join(folder, 'run');
    await copySharedRun(run);
    expect(await resnet(['export', run, '--format', 'pth', '--out', init])).toMatchObject({ code: 0 });
    const all = join(folder, 'all');
    await writeDigitTree(all, { ofEach: 20, side: 24 });
    mkdirSync(tree);
    for (const name of ['one', 'two', 'three']) renameSync(join(all, name), join(tree, name));
  }, 120_000);

  test('draws a new head, keeps a frozen body to the last bit, and answers by the new classes', async () => {
    const { code, stderr, stdout } = await train('grey', '--channels', '1', '--freeze', 'body');
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining(`${init}: FC: 10 → 3 classes, drawn anew; 125 tensors taken\n`),
    ]);
    expect(stdout).toContain('--freeze');
    const [start, end] = [(await loadCheckpoint(init)).tensors, await bestOf('grey')];
    for (const [name, { data }] of end.tensors) {
      if (name.startsWith('FC.') || name.endsWith('num_batches_tracked')) continue;
      expect([name, data]).toEqual([name, start.get(name)?.data]);
    }
    expect(end.metadata?.classNames).toEqual(['one', 'three', 'two']);
    const picture = join(tree, 'two');
    const answer = await resnet([
      'predict',
      picture,
      '--checkpoint',
      join(folder, 'grey', 'best.safetensors'),
      '--json',
    ]);
    expect(answer.code).toBe(0);
    expect(answer.stdout).toMatch(/"(one|two|three)"/);
  }, 120_000);

  test('fits grey kernels to colour pictures', async () => {
    const { code, stderr } = await train('colour', '--freeze', 'stem');
    expect(code).toBe(0);
    expect(stderr).toContain(
      `${init}: conv: 1 → 3 channels, kernels repeated and divided by 3; FC: 10 → 3 classes, drawn anew; 125 tensors taken\n`,
    );
    const [start, end] = [(await loadCheckpoint(init)).tensors, await bestOf('colour')];
    const [one, three] = [start.get('conv.weight')?.data as Float32Array, end.tensors.get('conv.weight')?.data];
    expect(three).toHaveLength(3 * one.length);
    expect(three?.[49]).toBe(Math.fround(one[0]! / 3)); // the stem is frozen
  }, 120_000);

  describe('is refused before any work', () => {
    test.each<[string, number, string, string[]]>([
      ['another stem', 4, 'tensor conv.weight is 4×1×7×7, but this run', ['--stem', 'cifar']],
      [
        'other names',
        4,
        'tensor conv1.weight (4×1×7×7) is missing: its network has variant lesson',
        ['--variant', 'torchvision'],
      ],
      ['a head that is to be kept', 4, 'tensor FC.weight is 10×32, but this run', ['--head', 'keep']],
      ['a key where there is none', 2, '--from "ema"', ['--from', 'ema']],
      ['a thaw without anything frozen', 2, '--thaw-at 2 has nothing to thaw', ['--thaw-at', '2']],
      ['a part that no network has', 2, '--freeze', ['--freeze', 'head']],
    ])('with %s', async (_, code, problem, words) => {
      const refused = await train('refused', '--channels', '1', ...words);
      expect(refused).toMatchObject({ code, stderr: expect.stringContaining(problem) });
    });

    test.each([
      ['--freeze', 'body'],
      ['--head', 'new'],
      ['--from', 'ema'],
      ['--recipe', 'finetune'],
    ])('with %s %s and no --init (exit 2)', async (flag, value) => {
      const refused = await resnet(['train', tree, flag, value, '--checkpoint-dir', join(folder, 'refused')]);
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('give --init') });
    });
  });
});
