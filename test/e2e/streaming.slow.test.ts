/** A run on MNIST whose images memory does not hold ends with the bits of one that has them in memory. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import { withRuntime } from '../support/own-cache.ts';
import { jsonLines, resnetMany } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();
process.env.RESNET_CACHE = withRuntime(join(root, 'cache'));

/** SHA-256 of all tensors of a checkpoint. */
async function hashOf(run: string, file: string): Promise<string> {
  const hash = createHash('sha256');
  for (const [name, { data }] of (await loadCheckpoint(join(root, run, file))).tensors) hash.update(name).update(data);
  return hash.digest('hex');
}

describeWithTensorFlow('a run of two epochs, augmented, as one graph', () => {
  test('has the same weights and moments from the disk as in memory, resumed with another memory too', async () => {
    const words = (run: string, ...others: string[]) => [
      ...['train', '--width', '8', '--limit-train', '640', '--limit-val', '300', '--checkpoint-dir', join(root, run)],
      ...['--log-interval', '5', '--schedule', 'constant', '--json', ...others],
    ];
    const [held, streamed, begun, resumed, evaluated, evaluatedHeld] = await resnetMany([
      words('held'),
      words('streamed', '--data-memory', '1M'),
      words('resumed', '--data-memory', '20M', '--epochs', '1'),
      ['train', '--resume', join(root, 'resumed'), '--epochs', '2', '--data-memory', '4G', '--json'],
      ['eval', '--checkpoint', join(root, 'streamed'), '--limit-test', '700', '--data-memory', '1M', '--json'],
      ['eval', '--checkpoint', join(root, 'streamed'), '--limit-test', '700', '--json'],
    ]);
    for (const { code } of [held, streamed, begun, resumed, evaluated, evaluatedHeld]) expect(code).toBe(0);
    for (const file of ['best.safetensors', 'last.safetensors']) {
      const hashes = await Promise.all(['held', 'streamed', 'resumed'].map((run) => hashOf(run, file)));
      expect(hashes).toEqual([hashes[0], hashes[0], hashes[0]]);
    }
    expect(streamed.stderr).toMatch(
      /MNIST: 45 MiB of images are read from the disk while they are used, as --data-memory is 1 MiB/,
    );
    const of = (text: string, event: string) => jsonLines(text).filter((each) => each.event === event);
    expect(of(streamed.stdout, 'start')[0]).toMatchObject({ data: { streamedBytes: 60_000 * 784 } });
    expect(of(held.stdout, 'start')[0]).not.toHaveProperty('data.streamedBytes');
    for (const { dataSeconds, seconds } of of(streamed.stdout, 'epoch')) {
      expect([typeof dataSeconds, (dataSeconds as number) < (seconds as number)]).toEqual(['number', true]);
    }
    const figures = ({ stdout }: { readonly stdout: string }) => {
      const { seconds: _, imagesPerSecond: __, ...rest } = jsonLines(stdout)[0] as Record<string, unknown>;
      return rest;
    };
    expect(figures(evaluated)).toEqual(figures(evaluatedHeld));
  }, 180_000);
});
