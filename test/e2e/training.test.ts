/** One small model, trained once, serves every test in this file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadCheckpoint } from '../../src/checkpoint/checkpoint.ts';
import type { Metrics } from '../../src/evaluation/metrics.ts';
import { BINARY, command, type Finished, jsonLines, PRESS_CTRL_C, resnet } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { writeSafetensors } from '../support/safetensors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
/** What a run of one epoch leaves: it replaces nothing, so nothing is kept of before. */
const files = ['best.safetensors', 'config.json', 'events.ndjson', 'last.safetensors', 'metrics.csv'];
const small = ['--limit-train', '512', '--batch-size', '32', '--limit-val', '200', '--epochs', '1'];
/** Where the whole width would show no more. */
const narrow = [...small, '--width', '16'];

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function lossesOf(events: Record<string, unknown>[]): number[] {
  return events.filter(({ event }) => event === 'step').map(({ loss }) => loss as number);
}

describeWithTensorFlow('a model trained on 512 images', () => {
  const shared = ['train', ...small, '--log-interval', '1', '--json'];
  const checkpoints = join(folder, 'run');
  const [best, last] = [join(checkpoints, 'best.safetensors'), join(checkpoints, 'last.safetensors')];
  let training: Finished;
  let events: Record<string, unknown>[];
  beforeAll(async () => {
    training = await resnet([...shared, '--checkpoint-dir', checkpoints]);
    events = jsonLines(training.stdout);
  });

  test('learns: the last four losses are below the first four', () => {
    expect(training).toMatchObject({ code: 0, stderr: '' });
    const losses = lossesOf(events);
    expect(losses).toHaveLength(16);
    expect(mean(losses.slice(-4))).toBeLessThan(mean(losses.slice(0, 4)));
  });

  test('tells its run in JSON events: start, step, epoch, saved, end', () => {
    const kinds = events.map(({ event }) => event).filter((kind) => kind !== 'step');
    expect(kinds).toEqual(['start', 'epoch', 'saved', 'end']);
    const size = { trainImages: 512, batchSize: 32, parameters: 11_178_378 };
    expect(events[0]).toMatchObject({ schema: 1, step: 0, backend: 'tensorflow', version: '2.21.0', ...size });
    expect(events[0]).not.toHaveProperty('resumed');
    expect(events.at(-2)).toEqual({ event: 'saved', step: 16, epochs: 1, checkpoint: last });
    expect(events.at(-1)).toMatchObject({ checkpoint: best, step: 16, best: { epoch: 1, step: 16 } });
  });

  test('keeps the same events in its log', () => {
    expect(jsonLines(readFileSync(join(checkpoints, 'events.ndjson'), 'utf8'))).toEqual(events);
  });

  test('has its configuration beside it: every setting, the network, the data, and what it was computed on', () => {
    const config = JSON.parse(readFileSync(join(checkpoints, 'config.json'), 'utf8'));
    expect(config).toMatchObject({
      schema: 1,
      settings: { 'batch-size': 32, lr: 0.001, 'limit-train': 512, 'no-compile': null, tensorboard: null },
      network: { depth: 18, width: 64, variant: 'lesson', stem: 'imagenet', parameters: 11_178_378 },
      data: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), trainImages: 512, validationImages: 200 },
      versions: { resnet: '0.1.0', node: process.versions.node, tensorflow: '2.21.0' },
      backend: 'tensorflow',
      compiled: true,
      machine: { platform: process.platform, cores: expect.any(Number) },
    });
    expect(Date.parse(config.started)).toBeLessThan(Date.now());
  });

  test('has the numbers of its epoch in a table', () => {
    const epoch = events.find(({ event }) => event === 'epoch') as Record<string, number> & {
      readonly train: Metrics;
      readonly validation: Metrics;
    };
    const { train, validation, learningRate, imagesPerSecond, seconds } = epoch;
    const row = [1, 16, learningRate, train.loss, train.accuracy, validation.loss, validation.accuracy];
    const [head, ...rows] = readFileSync(join(checkpoints, 'metrics.csv'), 'utf8').split('\n');
    expect(head).toMatch(/^epoch,step,learning_rate,train_loss,train_accuracy,val_loss,val_accuracy,/);
    expect(rows).toEqual([[...row, imagesPerSecond, seconds].join(','), '']);
    expect(learningRate).toBe(events.findLast(({ event }) => event === 'step')?.learningRate);
  });

  test('is saved as best and last, under the original’s names, with what is needed to find its data again', async () => {
    expect(readdirSync(checkpoints).sort()).toEqual(files);
    const { tensors, metadata } = await loadCheckpoint(best);
    expect(tensors.size).toBe(127);
    expect(tensors.get('batchnorm.num_batches_tracked')?.data).toEqual(BigInt64Array.of(16n));
    expect(metadata).toMatchObject({ epoch: 1, step: 16, seed: 0, validationSize: 5000, input: [1, 28, 28] });
  });

  test('is evaluated on the test images, in text and in JSON alike', async () => {
    const words = ['eval', '--checkpoint', best, '--limit-test', '1000'];
    const [text, json] = [await resnet(words), await resnet([...words, '--json'])];
    const { accuracy, loss, imagesPerSecond, interval, images } = JSON.parse(json.stdout);
    expect(images).toBe(1000);
    expect(accuracy).toBeGreaterThan(interval[0]);
    expect(accuracy).toBeLessThan(interval[1]);
    expect(imagesPerSecond).toBeGreaterThan(0);
    expect(text.stdout.trimEnd().split('\n').at(-1)).toBe(`***** TEST_ACC = ${(100 * accuracy).toFixed(2)}% *****`);
    expect(text.stdout).toContain(`loss ${loss.toFixed(4)}`);
  });

  test('is found to have the validation accuracy that its training printed', async () => {
    // the whole split is 5,000 images; training saw a seeded 200 of it, and so does --limit-test
    const { stdout } = await resnet(['eval', '--checkpoint', best, '--split', 'val', '--limit-test', '200', '--json']);
    const epoch = events.find(({ event }) => event === 'epoch') as { validation: { loss: number; accuracy: number } };
    const { loss, accuracy } = JSON.parse(stdout);
    expect(accuracy).toBe(epoch.validation.accuracy);
    expect(loss).toBeCloseTo(epoch.validation.loss, 6);
  });

  test('starts another run by --init, further on than a new one, and is moved aside by a run in its folder', async () => {
    const copy = join(folder, 'copy');
    await resnet(['train', ...small, '--limit-train', '32', '--checkpoint-dir', copy]);
    const { code, stdout, stderr } = await resnet([...shared, '--init', best, '--checkpoint-dir', copy]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^an earlier run's files were moved to .*copy\/earlier\/\d{4}-/);
    const [moved = ''] = readdirSync(join(copy, 'earlier'));
    expect(readdirSync(join(copy, 'earlier', moved)).sort()).toEqual(files);
    expect(mean(lossesOf(jsonLines(stdout)))).toBeLessThan(mean(lossesOf(events)));
    const { tensors } = await loadCheckpoint(join(copy, 'last.safetensors'));
    expect(tensors.get('batchnorm.num_batches_tracked')?.data).toEqual(BigInt64Array.of(32n));
  });

  test('is evaluated alike from a file without our metadata, as PyTorch saves it', async () => {
    const bare = join(folder, 'bare.safetensors');
    writeSafetensors(bare, (await loadCheckpoint(best)).tensors);
    const accuracies = [];
    for (const path of [best, bare]) {
      const { stdout } = await resnet(['eval', '--checkpoint', path, '--limit-test', '200', '--json']);
      accuracies.push(JSON.parse(stdout).loss);
    }
    // without a seed in the file, --limit-test draws by seed 0, which this run had
    expect(accuracies[1]).toBe(accuracies[0]);
    const { code, stderr } = await resnet(['eval', '--checkpoint', bare, '--split', 'val']);
    expect([code, stderr]).toEqual([2, `resnet: ${bare} does not tell its validation split; use --split test\n`]);
  });

  test('is refused where the run has another number of classes', async () => {
    const { code, stderr } = await resnet(['train', '--init', best, '--classes', '7', '--dry-run']);
    expect(code).toBe(3); // MNIST has labels up to 9
    expect(stderr).toMatch(/train-labels-idx1-ubyte: label \d+: found \d, expected 0 to 6/);
    const other = await resnet(['train', '--init', best, '--classes', '12', '--dry-run']);
    expect(other.code).toBe(4);
    const difference = "its network has classes 10, but this run's has classes 12; give --classes 10";
    expect(other.stderr).toBe(`resnet: ${best}: ${difference}\n`);
  });

  test('is the same model when it is trained again with the same seed', async () => {
    const again = join(folder, 'again');
    await resnet([...shared, '--checkpoint-dir', again]);
    expect(readFileSync(join(again, 'best.safetensors')).equals(readFileSync(best))).toBe(true);
  });

  test('starts alike where each step is run op by op', async () => {
    const words = ['train', ...narrow, '--no-compile', '--limit-train', '32', '--json'];
    const { code, stdout } = await resnet([...words, '--checkpoint-dir', join(folder, 'op-by-op')]);
    expect(code).toBe(0);
    const compiled = await resnet([...words.filter((word) => word !== '--no-compile'), '--dry-run']);
    const [first, same] = [lossesOf(jsonLines(stdout)), lossesOf(jsonLines(compiled.stdout))];
    expect(Math.abs((first[0] ?? 0) / (same[0] ?? 1) - 1)).toBeLessThan(1e-5);
  });

  test('prints the original’s lines and a table where nobody watches, without an escape', async () => {
    const words = ['train', ...narrow, '--limit-train', '96', '--log-interval', '2'];
    const { stdout } = await resnet([...words, '--checkpoint-dir', join(folder, 'plain')]);
    expect(stdout).toMatch(/^backend tensorflow: TensorFlow 2\.21\.0, device cpu\nnetwork ResNet-18 \(lesson, .*\n/);
    expect(stdout).toMatch(
      /\nTrain Epoch: 1 \[0\/96 \(0%\)\]\tTrain Loss: \d\.\d{6}\nTrain Epoch: 1 \[64\/96 \(67%\)\]\t/,
    );
    expect(stdout).toMatch(/\n {6}1 .* %.* best\n/);
    expect(stdout).toMatch(/\ntest it: npx resnet eval --checkpoint .*best\.safetensors\n$/);
    expect(stdout).not.toContain('\u001b');
  });

  test('diverges with a learning rate that is too high: exit code 6, and no checkpoint is saved', async () => {
    const output = join(folder, 'diverged');
    const { code, stderr } = await resnet(['train', ...narrow, '--lr', '1e30', '--checkpoint-dir', output]);
    expect(code).toBe(6);
    expect(stderr).toMatch(/diverged: the loss is not finite since step 2 \(epoch 1\) with learning rate 1e\+30/);
    expect(readdirSync(output).sort()).toEqual(['config.json', 'events.ndjson', 'metrics.csv']);
  });

  test('is stopped by Ctrl-C in a terminal: exit code 130, its last step saved and the earlier run’s files kept', async () => {
    const output = join(folder, 'interrupted');
    await resnet(['train', ...narrow, '--limit-train', '64', '--checkpoint-dir', output]);
    const earlier = readFileSync(join(output, 'best.safetensors'));
    const words = ['train', '--checkpoint-dir', output];
    const pressed = ['python3', PRESS_CTRL_C, 'images/s', process.execPath, BINARY, ...words];
    const { code, stdout } = await command(pressed, { CI: undefined });
    expect(code).toBe(130);
    expect(stdout).toContain('SIGINT: stopping after this step');
    const saved = /stopped by SIGINT; saved up to step (\d+); resume with: npx resnet train --resume (\S+)/.exec(
      stdout,
    );
    expect(saved?.[2]).toBe(join(output, 'last.safetensors'));
    const { metadata } = await loadCheckpoint(join(output, 'last.safetensors'));
    expect(metadata?.progress).toMatchObject({ epochs: 0, step: Number(saved?.[1]), batch: metadata?.step });
    const [moved = ''] = readdirSync(join(output, 'earlier'));
    expect(readFileSync(join(output, 'earlier', moved, 'best.safetensors')).equals(earlier)).toBe(true);
  });
});

describe('the portable backend', () => {
  const words = [...small, '--limit-train', '64', '--batch-size', '16', '--limit-val', '16'];

  test('trains, saves and evaluates the same network, and says how slow it is', async () => {
    const output = join(folder, 'wasm');
    const off = { RESNET_RUNTIME: 'none' };
    const flags = ['--epochs', '2', '--log-interval', '1', '--json', '--checkpoint-dir', output];
    const { code, stdout, stderr } = await resnet(['train', ...words, ...flags], off);
    expect(code).toBe(0);
    expect(stderr).toBe(
      'resnet: TensorFlow is switched off by RESNET_RUNTIME=none; running on the portable WebAssembly backend\n',
    );
    const losses = lossesOf(jsonLines(stdout));
    expect(losses).toHaveLength(8);
    expect(mean(losses.slice(-4))).toBeLessThan(mean(losses.slice(0, 4)));
    const evaluated = await resnet([
      'eval',
      '--checkpoint',
      join(output, 'best.safetensors'),
      '--limit-test',
      '50',
      '--backend',
      'wasm',
      '--json',
    ]);
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ backend: 'wasm', images: 50 });
  });

  test('does one batch of each phase in a dry run, and writes nothing', async () => {
    const output = join(folder, 'dry');
    const { code, stdout } = await resnet([
      'train',
      ...words,
      '--backend',
      'wasm',
      '--dry-run',
      '--checkpoint-dir',
      output,
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^backend wasm: .*, about \d+ images\/s in training\n/);
    expect(stdout).toMatch(/dry run: validation loss \d\.\d+, accuracy \d+\.\d\d %; nothing was written\n$/);
    expect(existsSync(output)).toBe(false);
  });
});
