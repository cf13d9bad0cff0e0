/** Networks other than the lesson's, from the command line: trained, saved, and evaluated by the checkpoint alone. */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import { jsonLines, resnet, resnetMany } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { writeSafetensors } from '../support/safetensors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const small = ['--limit-train', '64', '--batch-size', '16', '--limit-val', '20', '--epochs', '1'];

describeWithTensorFlow('a narrow torchvision network of bottlenecks for small images', () => {
  const flags = ['--depth', '50', '--variant', 'torchvision', '--stem', 'cifar', '--width', '4'];
  const output = join(folder, 'bottlenecks');
  const best = join(output, 'best.safetensors');
  let code: number;
  let events: Record<string, unknown>[];
  beforeAll(async () => {
    const training = await resnet(['train', ...flags, ...small, '--no-compile', '--json', '--checkpoint-dir', output]);
    code = training.code;
    events = jsonLines(training.stdout);
  });

  test('is trained and saved under torchvision’s names, with the whole architecture in its metadata', async () => {
    expect(code).toBe(0);
    const { tensors, metadata } = await loadCheckpoint(best);
    expect(tensors.get('layer4.0.downsample.1.num_batches_tracked')?.data).toEqual(BigInt64Array.of(4n));
    const architecture = { depth: 50, width: 4, variant: 'torchvision', stem: 'cifar', channels: 1, classes: 10 };
    expect(metadata?.architecture).toEqual(architecture);
  });

  test('is evaluated alike with and without metadata, and as in its training', async () => {
    const bare = join(folder, 'bare.safetensors');
    writeSafetensors(bare, (await loadCheckpoint(best)).tensors);
    const asJson = ['--no-compile', '--json'];
    const evaluated = await resnetMany([
      ['eval', '--checkpoint', best, '--limit-test', '50', ...asJson],
      ['eval', '--checkpoint', bare, '--limit-test', '50', ...asJson],
      ['eval', '--checkpoint', best, '--limit-test', '20', '--split', 'val', ...asJson],
    ]);
    const [loss, same, validationLoss] = evaluated.map(({ stdout }) => JSON.parse(stdout).loss);
    expect(loss).toBeGreaterThan(0);
    expect(same).toBe(loss);
    const epoch = events.find(({ event }) => event === 'epoch') as { validation: { loss: number } };
    expect(validationLoss).toBeCloseTo(epoch.validation.loss, 5);
  });

  test('initialises a run of the same network, and is refused by --init for another (exit 4)', async () => {
    const words = ['train', '--init', best, '--dry-run', '--no-compile', ...small];
    const other = await resnet([...words, ...flags.slice(0, 4)]);
    const tensor = "tensor conv1.weight is 4×1×3×3, but this run's is 64×1×7×7";
    const difference = "its network has width 4, stem cifar, but this run's has width 64, stem imagenet";
    expect(other).toEqual({
      code: 4,
      stdout: '',
      stderr: `resnet: ${best}: ${tensor}: ${difference}; give --width 4 --stem cifar\n`,
    });
    expect((await resnet([...words, ...flags])).code).toBe(0);
  });
});

describe('resnet train', () => {
  test('refuses a batch of one image for a network that needs more (exit 2), naming the layer', async () => {
    const { code, stderr } = await resnet(['train', '--variant', 'torchvision', '--batch-size', '1', '--dry-run']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--batch-size 1 .* gives layer4\.0\.bn1 one value per channel/);
    const cifar = ['--stem', 'cifar', '--width', '2', '--limit-train', '2', '--limit-val', '1', '--no-compile'];
    expect((await resnet(['train', '--batch-size', '1', ...cifar, '--dry-run'])).code).toBe(0);
  });
});
