/**
 * A model of other data than MNIST, trained once: digits that are dark on light and lie on their side. Its evaluation
 * and its report are about those data, and it reads ordinary pictures.
 */

import { cpSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { idxBytes } from '../../scripts/draw-data/idx-bytes.ts';
import type { DatasetInMemory } from '../../src/dataset/dataset.ts';
import { loadDataset } from '../../src/dataset/load.ts';
import { transposeInPlace } from '../../src/dataset/transpose.ts';
import { DIGITS, odd } from '../support/pictures.ts';
import { jsonLines, resnet, resnetMany } from '../support/resnet.ts';
import { eventsIn } from '../support/runs.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
const run = join(folder, 'run');
const best = join(run, 'best.safetensors');
const quick = ['--no-compile', '--limit-test', '100'];
const TRAINING_IMAGES = 2700;
const TEST_IMAGES = 500;

/** Writes the first images of a part of MNIST, with each pixel changed. */
function write(
  target: string,
  prefix: string,
  part: DatasetInMemory,
  count: number,
  change: (pixels: Uint8Array) => Uint8Array,
) {
  mkdirSync(target, { recursive: true });
  const pixels = change(part.pixels.subarray(0, count * 28 * 28));
  writeFileSync(join(target, `${prefix}-images-idx3-ubyte`), idxBytes([count, 28, 28], pixels));
  writeFileSync(join(target, `${prefix}-labels-idx1-ubyte`), idxBytes([count], part.labels.subarray(0, count)));
}

describeWithTensorFlow('a model of inverted digits that lie on their side', () => {
  beforeAll(async () => {
    const change = (pixels: Uint8Array) => {
      const lying = Uint8Array.from(pixels);
      transposeInPlace(lying, 28, 28, 1);
      return lying.map((pixel) => 255 - pixel);
    };
    write(data, 'train', await loadDataset('train'), TRAINING_IMAGES, change);
    write(data, 't10k', DIGITS, TEST_IMAGES, change);
    const size = ['--recipe', 'sprint', '--width', '8', '--batch-size', '32', '--val-size', '200'];
    const words = ['train', data, '--as', 'digit', '--transpose', ...size, '--checkpoint-dir', run];
    const { code, stdout, stderr } = await resnet(words);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/\ndata \S+data, transposed:\n {2}2,500 training images, 200 for validation\n/);
    expect(stdout).toMatch(/\ntest it: .+ eval --checkpoint \S+best\.safetensors\n$/);
  }, 90_000);

  test('reads at least 24 of 30 pictures of upright digits, and says how it takes them', async () => {
    const paths = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const path = join(folder, `${index}.png`);
        await (await odd(index, 112 + index, 140, true)).png().toFile(path);
        return path;
      }),
    );
    const { code, stdout, stderr } = await resnet(['predict', '--checkpoint', best, ...paths, '--json']);
    const how = `prepared as MNIST's digits; this model was trained on ${data} (dark on light, transposed)\n`;
    const answers: { top?: { guess: number }[]; problem?: string }[] = JSON.parse(stdout);
    const unlike = answers.flatMap(({ problem }) => problem ?? []);
    for (const problem of unlike) {
      expect(problem).toMatch(
        /: is unlike all that the model was trained on \(least unlike: class \d\); give a picture like /,
      );
    }
    expect(code).toBe(unlike.length === 0 ? 0 : 3);
    expect(stderr).toBe([how, ...unlike.map((problem) => `resnet: ${problem}\n`)].join(''));
    const right = answers.filter(({ top }, index) => top?.[0]?.guess === DIGITS.labels[index]);
    expect(right.length).toBeGreaterThanOrEqual(24);
  });

  test('is evaluated on its own test images, found without --data-dir', async () => {
    const [evaluated, reported] = await resnetMany([
      ['eval', '--checkpoint', best, ...quick, '--json'],
      ['report', run, ...quick, '--split', 'val', '--json'],
    ]);
    const json = JSON.parse(evaluated.stdout);
    expect(json.accuracy).toBeGreaterThan(0.8);
    expect(json.data).toEqual({
      ...{ source: data, split: 'test', splitImages: TEST_IMAGES, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ...{ transposed: true, given: false, trainedOn: data },
    });
    expect(JSON.parse(reported.stdout).data).toMatchObject({
      source: data,
      split: 'val',
      splitImages: 200,
      trainedOn: data,
    });
  });

  test('is evaluated on other data only if --data-dir names them; this is said, and so is their background', async () => {
    const upright = join(folder, 'upright');
    write(upright, 't10k', DIGITS, 50, (pixels) => pixels);
    const { code, stdout, stderr } = await resnet([
      'eval',
      '--checkpoint',
      best,
      '--no-compile',
      '--data-dir',
      upright,
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain(`test split: 50 images\ndata given by --data-dir; model trained on ${data}\n`);
    expect(stderr).toBe(
      `warning: ${join(upright, 't10k-images-idx3-ubyte')}: images are light on dark, but ${best} learned from dark on ` +
        'light: invert the images\n',
    );
  });

  test('is refused without its data (exit 3), never tested on MNIST', async () => {
    const away = join(folder, 'away');
    renameSync(data, away);
    const moved = join(folder, 'moved.safetensors');
    cpSync(best, moved);
    const reason = `trained on other data than MNIST; give --data-dir (${data}: no such file or folder; check its name)`;
    expect(await resnet(['eval', '--checkpoint', moved])).toEqual({
      ...{ code: 3, stdout: '', stderr: `resnet: ${moved}: ${reason}\n` },
    });
    expect(await resnet(['report', run])).toMatchObject({ code: 3, stderr: `resnet: ${best}: ${reason}\n` });
    renameSync(away, data);
  });
});

describeWithTensorFlow('training data whose pixels are 0 and 1', () => {
  const dark = join(folder, 'dark');
  const small = ['--width', '2', '--no-compile', '--epochs', '1', '--limit-train', '64', '--limit-val', '20'];

  test('are warned of once, on standard error, in the JSON events and in the log', async () => {
    write(dark, 'train', DIGITS, 400, (pixels) => pixels.map((pixel) => (pixel > 127 ? 1 : 0)));
    const target = join(folder, 'dark-run');
    const words = ['train', '--data-dir', dark, '--val-size', '100', ...small, '--checkpoint-dir', target, '--json'];
    const { code, stdout, stderr } = await resnet(words);
    const message =
      `${join(dark, 'train-images-idx3-ubyte')}: no pixel is above 1 (the largest value is 1), so all images are ` +
      'black: pixels go from 0 to 255';
    expect([code, stderr]).toEqual([0, `warning: ${message}\n`]);
    for (const events of [jsonLines(stdout), eventsIn(target)]) {
      expect(events.filter(({ event }) => event === 'warning')).toEqual([{ event: 'warning', step: 0, message }]);
    }
    expect(existsSync(join(target, 'best.safetensors'))).toBe(true);
  });
});
