/** Runs of 1, 2 and 4 workers: the same files of the same run, and resumed by another number of workers. */
import { mkdtempSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import { eventsOf, expectSound, outcomeOf, sha256 } from '../faults/resumable-run.ts';
import { noTensorFlow } from '../faults/small-run.ts';
import { canConnect, portsOf, SHARED_RUN, startShared } from '../faults/workers.ts';
import { withFlags } from '../support/flags.ts';
import { resnet } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();
const COUNTS = [1, 2, 4] as const;
/** Two epochs of two steps, by which statistics come from whole batches. */
const RUN = withFlags(SHARED_RUN, '--epochs', '2', '--sync-batch-norm');

/** Trains, or goes on, with so many workers. */
async function train(words: readonly string[], workers: number): Promise<string> {
  const { code, stdout, stderr } = await resnet([...words, '--workers', String(workers)]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return `${stdout}${stderr}`;
}

const describeIf = noTensorFlow === undefined ? describe : describe.skip;

describeIf('runs of 1, 2 and 4 workers', () => {
  const folders = new Map<number, string>();
  beforeAll(async () => {
    for (const count of COUNTS) {
      const folder = mkdtempSync(join(root, `workers-${count}-`));
      folders.set(count, folder);
      await train([...RUN, '--checkpoint-dir', folder], count);
    }
  }, 180_000);

  const folderOf = (count: number) => folders.get(count) ?? '';

  test('have the losses of one process', async () => {
    const lossesOf = (count: number) =>
      eventsOf(folderOf(count)).flatMap(({ event, loss }) => (event === 'step' ? [Number(loss)] : []));
    const alone = lossesOf(1);
    expect(alone).toHaveLength(4);
    for (const count of [2, 4]) {
      const shared = lossesOf(count);
      expect(Math.abs(shared[0]! - alone[0]!)).toBeLessThan(1e-5);
      // Adam makes rounding larger from step to step: one process on one thread and on two differ by 1e-3 at the second.
      for (const [step, loss] of shared.entries()) expect(Math.abs(loss - alone[step]!)).toBeLessThan(5e-2);
    }
  });

  test('say in the start event and in the checkpoint how many they were, where they were several', async () => {
    for (const count of COUNTS) {
      const several = count === 1 ? undefined : count;
      const { metadata } = await loadCheckpoint(join(folderOf(count), 'last.safetensors'), { keep: () => false });
      const start = eventsOf(folderOf(count)).find(({ event }) => event === 'start');
      expect([start?.workers, metadata?.computedOn?.workers]).toEqual([several, several]);
    }
  });

  test('are the same to the last bit when they are repeated', async () => {
    const again = mkdtempSync(join(root, 'again-'));
    await train([...RUN, '--checkpoint-dir', again], 2);
    expect(outcomeOf(again)).toEqual(outcomeOf(folderOf(2)));
  }, 60_000);

  test('go on with another number of workers, which is said', async () => {
    const said = await train(['train', '--resume', '--checkpoint-dir', folderOf(4), '--epochs', '3'], 2);
    expect(said).toContain('the checkpoint was computed by 4 workers, but the run resumes with 2: results may differ');
    const alone = await train(['train', '--resume', '--checkpoint-dir', folderOf(2), '--epochs', '3'], 1);
    expect(alone).toContain('the checkpoint was computed by 2 workers, but the run resumes with 1: results may differ');
    for (const count of [2, 4]) {
      await expectSound(folderOf(count));
      expect(eventsOf(folderOf(count)).at(-1)).toMatchObject({ event: 'end', step: 6 });
    }
    expect(sha256(join(folderOf(2), 'last.safetensors'))).not.toBe(sha256(join(folderOf(4), 'last.safetensors')));
  }, 60_000);
});

const others = Object.values(networkInterfaces()).flatMap((addresses = []) =>
  addresses.flatMap(({ address, family, internal }) => (family === 'IPv4' && !internal ? [address] : [])),
);
const testOnLinux = noTensorFlow === undefined && process.platform === 'linux' ? test : test.skip;

testOnLinux(
  'workers of one machine take connections at 127.0.0.1 alone',
  async () => {
    const folder = mkdtempSync(join(root, 'closed-'));
    const { launcher } = await startShared(folder, withFlags(SHARED_RUN, '--epochs', '1000000'));
    const ports = portsOf(folder);
    const reached = async (host: string) => Promise.all(ports.map((port) => canConnect(host, port)));
    const open = await reached('127.0.0.1');
    const closed = await Promise.all(['127.0.0.2', ...others].map(reached));
    launcher.signal('SIGINT');
    expect(await launcher.ended).toMatchObject({ code: 130 });
    expect(open).toEqual([true, true, true]);
    expect(closed.flat()).toEqual(closed.flat().map(() => false));
  },
  60_000,
);
