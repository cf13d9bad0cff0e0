/**
 * `resnet train` from end to end, what takes longer: runs that begin with another's model, diverge, or use no
 * TensorFlow.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import { withFlags } from '../support/flags.ts';
import { BINARY, CALLED, command, jsonLines, PRESS_CTRL_C, resnet } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { copySharedRun, SAVING_RUN } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { FILES, LOGGED, lossesOf, mean, NARROW, SMALL } from './training-run.ts';

const folder = temporaryFolder();
const OP_BY_OP = [...withFlags(LOGGED, '--limit-train', '256', '--width', '8'), '--no-compile'];

describeWithTensorFlow('a narrow model trained on 256 images', () => {
  const run = join(folder, 'run');
  const best = join(run, 'best.safetensors');
  let losses: number[];
  beforeAll(async () => {
    losses = lossesOf(jsonLines((await resnet([...OP_BY_OP, '--checkpoint-dir', run])).stdout));
  });

  test('begins another run by --init with lower losses than a new one, and an earlier run’s files are moved aside', async () => {
    const copy = join(folder, 'copy');
    await copySharedRun(copy);
    const files = readdirSync(copy).sort();
    const { code, stdout, stderr } = await resnet([...OP_BY_OP, '--init', best, '--checkpoint-dir', copy]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^an earlier run's files were moved to .*copy\/earlier\/\d{4}-/);
    const [moved = ''] = readdirSync(join(copy, 'earlier'));
    expect(readdirSync(join(copy, 'earlier', moved)).sort()).toEqual(files);
    expect(readdirSync(copy).sort()).toEqual([...FILES, 'earlier'].sort());
    expect(mean(lossesOf(jsonLines(stdout)))).toBeLessThan(mean(losses));
    const { tensors } = await loadCheckpoint(join(copy, 'last.safetensors'));
    expect(tensors.get('batchnorm.num_batches_tracked')?.data).toEqual(BigInt64Array.of(16n));
  });

  test('has the first loss of its graph where each step is run op by op', async () => {
    const words = withFlags(LOGGED, '--limit-train', '32', '--limit-val', '16', '--width', '4', '--dry-run');
    const opByOp = await resnet([...words, '--no-compile']);
    expect(opByOp.code).toBe(0);
    const compiled = await resnet(words);
    const [first, same] = [opByOp, compiled].map(({ stdout }) => lossesOf(jsonLines(stdout))[0]);
    expect(Math.abs((first ?? 0) / (same ?? 1) - 1)).toBeLessThan(1e-5);
  });
});

describeWithTensorFlow('resnet train', () => {
  test('prints the original’s lines and a table where nobody watches, without an escape', async () => {
    const small = ['--limit-train', '96', '--limit-val', '16', '--log-interval', '2'];
    const words = ['train', ...withFlags(NARROW, ...small), '--no-compile'];
    const { stdout } = await resnet([...words, '--checkpoint-dir', join(folder, 'plain')]);
    expect(stdout).toMatch(
      /^backend tensorflow: TensorFlow 2\.21\.0, device cpu\ndata MNIST: .*\nnetwork ResNet-18 \(lesson, .*\n/,
    );
    expect(stdout).toMatch(
      /\nTrain Epoch: 1 \[0\/96 \(0%\)\]\tTrain Loss: \d\.\d{6}\nTrain Epoch: 1 \[64\/96 \(67%\)\]\t/,
    );
    expect(stdout).toMatch(/\n {6}1 .* %.* best\n/);
    expect(stdout).toMatch(/best\.safetensors\n$/);
    expect(stdout).toContain(`\ntest it: ${CALLED} eval --checkpoint `);
    expect(stdout).not.toContain('\u001b');
  });

  test('diverges with a learning rate that is too high (exit 6), and saves no checkpoint', async () => {
    const output = join(folder, 'diverged');
    const words = withFlags(NARROW, '--limit-train', '96', '--lr', '1e30', '--checkpoint-dir', output);
    const { code, stderr } = await resnet(['train', ...words, '--no-compile']);
    expect(code).toBe(6);
    expect(stderr).toMatch(/diverged: the loss is not finite since step 2 \(epoch 1\) with learning rate 1e\+30/);
    expect(readdirSync(output).sort()).toEqual(['config.json', 'events.ndjson', 'metrics.csv']);
  });

  test('stopped by Ctrl-C in a terminal (exit 130), keeps the earlier run’s files', async () => {
    const output = join(folder, 'interrupted');
    await copySharedRun(output);
    const earlier = readFileSync(join(output, 'best.safetensors'));
    const words = ['train', '--width', '16', '--no-compile', '--checkpoint-dir', output];
    const pressed = ['python3', PRESS_CTRL_C, 'epoch 1/', process.execPath, BINARY, ...words];
    expect((await command(pressed, { CI: undefined })).code).toBe(130);
    const [moved = ''] = readdirSync(join(output, 'earlier'));
    for (const best of [join(output, 'best.safetensors'), join(output, 'earlier', moved, 'best.safetensors')]) {
      expect(readFileSync(best).equals(earlier)).toBe(true);
    }
  });

  test('says at its end that the best epoch is no better than chance (exit 0)', async () => {
    const words = [...SAVING_RUN, '--lr', '10', '--json', '--checkpoint-dir', join(folder, 'chance')];
    const { code, stdout, stderr } = await resnet(words);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^the best epoch is no better than chance \(validation loss \S+, guessing gives 2\.30\): try a smaller --lr\n$/,
    );
    expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'end', chance: { loss: Math.log(10) } });
  });
});

describe('resnet train on the portable backend', () => {
  const words = withFlags(SMALL, '--limit-train', '64', '--batch-size', '16', '--limit-val', '4');

  test('trains, saves and evaluates the network in its usual width, and says why it is used', async () => {
    const output = join(folder, 'wasm');
    const off = { RESNET_RUNTIME: 'none' };
    const flags = ['--log-interval', '1', '--json', '--checkpoint-dir', output];
    const { code, stdout, stderr } = await resnet(['train', ...withFlags(words, ...flags)], off);
    expect(code).toBe(0);
    expect(stderr).toBe(
      'resnet: TensorFlow is switched off by RESNET_RUNTIME=none; running on the portable WebAssembly backend\n',
    );
    const losses = lossesOf(jsonLines(stdout));
    expect(losses).toHaveLength(4);
    expect(mean(losses.slice(2))).toBeLessThan(mean(losses.slice(0, 2)));
    const evaluated = await resnet([
      'eval',
      '--checkpoint',
      join(output, 'best.safetensors'),
      '--limit-test',
      '10',
      '--backend',
      'wasm',
      '--json',
    ]);
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ backend: 'wasm', images: 10 });
  });

  test('runs one batch of each phase in a dry run, prints its speed and writes nothing', async () => {
    const output = join(folder, 'dry');
    const { code, stdout } = await resnet([
      'train',
      ...withFlags(words, '--width', '8'),
      '--backend',
      'wasm',
      '--dry-run',
      '--checkpoint-dir',
      output,
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^backend wasm: .*,\n {2}about \d+ images\/s in training\n/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/dry run: validation loss \d\.\d+, accuracy \d+\.\d\d %; no checkpoint was written\n$/);
    expect(existsSync(output)).toBe(false);
  });
});
