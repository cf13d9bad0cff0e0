/** `resnet train`, `eval` and `train --resume` from end to end: one narrow model, trained once, serves every test. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import { toolVersion } from '../../src/version.ts';
import { BINARY, command, type Finished, jsonLines, PRESS_CTRL_C, resnet } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { writeSafetensors } from '../support/safetensors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { FILES, LOGGED, type LoggedEpoch, lossesOf, mean } from './training-run.ts';

const folder = temporaryFolder();

describeWithTensorFlow('a narrow model trained on 512 images', () => {
  const run = join(folder, 'run');
  const [best, last] = [join(run, 'best.safetensors'), join(run, 'last.safetensors')];
  let training: Finished;
  let events: Record<string, unknown>[];
  let epoch: LoggedEpoch;
  beforeAll(async () => {
    training = await resnet([...LOGGED, '--checkpoint-dir', run]);
    events = jsonLines(training.stdout);
    epoch = events.find(({ event }) => event === 'epoch') as unknown as LoggedEpoch;
  });

  test('learns: the last four losses are below the first four', () => {
    expect(training).toMatchObject({ code: 0, stderr: '' });
    const losses = lossesOf(events);
    expect(losses).toHaveLength(16);
    expect(mean(losses.slice(-4))).toBeLessThan(mean(losses.slice(0, 4)));
  });

  test('prints its run as JSON events: start, step, epoch, saved, end', () => {
    const kinds = events.map(({ event }) => event).filter((kind) => kind !== 'step');
    expect(kinds).toEqual(['start', 'epoch', 'saved', 'end']);
    const size = { trainImages: 512, batchSize: 32, parameters: 702_570 };
    expect(events[0]).toMatchObject({ schema: 1, step: 0, backend: 'tensorflow', version: '2.21.0', ...size });
    expect(events[0]).not.toHaveProperty('resumed');
    expect(events.at(-2)).toEqual({ event: 'saved', step: 16, epochs: 1, checkpoint: last });
    expect(events.at(-1)).toMatchObject({ checkpoint: best, step: 16, best: { epoch: 1, step: 16 } });
  });

  test('writes the printed events to its log too', () => {
    expect(jsonLines(readFileSync(join(run, 'events.ndjson'), 'utf8'))).toEqual(events);
  });

  test('writes its configuration: every setting, the network, the data, and the backend', () => {
    const config = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'));
    expect(config).toMatchObject({
      schema: 1,
      settings: { 'batch-size': 32, lr: 0.001, 'limit-train': 512, 'no-compile': null, tensorboard: null },
      network: { depth: 18, width: 16, variant: 'lesson', stem: 'imagenet', parameters: 702_570 },
      data: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), trainImages: 512, validationImages: 200 },
      versions: { resnet: toolVersion(), node: process.versions.node, tensorflow: '2.21.0' },
      backend: 'tensorflow',
      compiled: true,
      machine: { platform: process.platform, cores: expect.any(Number) },
    });
    expect(Date.parse(config.started)).toBeLessThan(Date.now());
  });

  test('writes the numbers of its epoch to a table', () => {
    const { train, validation, learningRate, imagesPerSecond, seconds } = epoch;
    const { loss, accuracy, balancedAccuracy, macroF1 } = validation;
    const row = [1, 16, learningRate, train.loss, train.accuracy, loss, accuracy, balancedAccuracy, macroF1];
    const [head, ...rows] = readFileSync(join(run, 'metrics.csv'), 'utf8').split('\n');
    expect(head).toMatch(
      /^epoch,step,learning_rate,train_loss,train_accuracy,val_loss,val_accuracy,val_balanced_accuracy,val_macro_f1,/,
    );
    expect(rows).toEqual([[...row, imagesPerSecond, seconds].join(','), '']);
    expect(learningRate).toBe(events.findLast(({ event }) => event === 'step')?.learningRate);
  });

  test('is saved as best and last, under the original’s names, with what is needed to find its data again', async () => {
    expect(readdirSync(run).sort()).toEqual(FILES);
    const { tensors, metadata } = await loadCheckpoint(best);
    expect(tensors.size).toBe(127);
    expect(tensors.get('batchnorm.num_batches_tracked')?.data).toEqual(BigInt64Array.of(16n));
    expect(metadata).toMatchObject({ epoch: 1, step: 16, seed: 0, validationSize: 5000, input: [1, 28, 28] });
  });

  test('has the validation accuracy in `resnet eval` that its training printed', async () => {
    // the whole split is 5,000 images; training saw a seeded 200 of it, and so does --limit-test
    const { stdout } = await resnet(['eval', '--checkpoint', best, '--split', 'val', '--limit-test', '200', '--json']);
    const { loss, accuracy, balancedAccuracy, macroF1 } = JSON.parse(stdout);
    expect(accuracy).toBe(epoch.validation.accuracy);
    expect([balancedAccuracy, macroF1]).toEqual([epoch.validation.balancedAccuracy, epoch.validation.macroF1]);
    expect(loss).toBeCloseTo(epoch.validation.loss, 6);
  });

  test('is evaluated alike from a file without our metadata, as PyTorch saves it', async () => {
    const bare = join(folder, 'bare.safetensors');
    writeSafetensors(bare, (await loadCheckpoint(best)).tensors);
    const words = ['--no-compile', '--limit-test', '500'];
    const json = await resnet(['eval', '--checkpoint', best, ...words, '--json']);
    const { accuracy, loss, imagesPerSecond, interval, images } = JSON.parse(json.stdout);
    expect(images).toBe(500);
    expect(accuracy).toBeGreaterThan(interval[0]);
    expect(accuracy).toBeLessThan(interval[1]);
    expect(imagesPerSecond).toBeGreaterThan(0);
    // without a seed in the file, --limit-test draws by seed 0, which this run had
    const text = await resnet(['eval', '--checkpoint', bare, ...words]);
    expect(text.stdout.trimEnd().split('\n').at(-1)).toBe(`***** TEST_ACC = ${(100 * accuracy).toFixed(2)}% *****`);
    expect(text.stdout).toContain(`loss ${loss.toFixed(4)}`);
    const { code, stderr } = await resnet(['eval', '--checkpoint', bare, '--split', 'val']);
    expect([code, stderr]).toEqual([2, `resnet: ${bare} does not name its validation split; use --split test\n`]);
  });

  test('is refused by --init with --head keep for a run with another number of classes (exit 3 or 4)', async () => {
    const { code, stderr } = await resnet(['train', '--init', best, '--classes', '7', '--dry-run']);
    expect(code).toBe(3); // MNIST has labels up to 9
    expect(stderr).toMatch(/train-labels-idx1-ubyte: label \d+: found \d, expected 0 to 6/);
    const words = ['train', '--init', best, '--width', '16', '--classes', '12', '--head', 'keep', '--dry-run'];
    const other = await resnet(words);
    expect(other.code).toBe(4);
    const tensor = "tensor FC.weight is 10×128, but this run's is 12×128";
    const advice = 'leave --head keep out, or give --classes 10';
    const difference = "its network has classes 10, but this run's has classes 12";
    expect(other.stderr).toBe(`resnet: ${best}: ${tensor}: ${difference}; ${advice}\n`);
  });

  test('stopped by Ctrl-C in a terminal (exit 130) and resumed, ends as the very same model', async () => {
    const stopped = join(folder, 'stopped');
    const words = ['train', ...LOGGED.slice(1).filter((word) => word !== '--json'), '--checkpoint-dir', stopped];
    const pressed = ['python3', PRESS_CTRL_C, 'epoch 1/', process.execPath, BINARY, ...words];
    const { code, stdout } = await command(pressed, { CI: undefined });
    expect(code).toBe(130);
    expect(stdout).toContain('SIGINT: stopping after this step');
    const saved = /stopped by SIGINT; saved up to step (\d+); resume with: \S+ \S+ train --resume (\S+)/.exec(stdout);
    expect(saved?.[2]).toBe(join(stopped, 'last.safetensors'));
    const { metadata } = await loadCheckpoint(join(stopped, 'last.safetensors'));
    expect(metadata?.progress).toMatchObject({ epochs: 0, step: Number(saved?.[1]), batch: metadata?.step });
    expect(await resnet(['train', '--resume', join(stopped, 'last.safetensors')])).toMatchObject({ code: 0 });
    expect(readFileSync(join(stopped, 'best.safetensors')).equals(readFileSync(best))).toBe(true);
  });
});
