/** Commands whose memory is limited refuse what cannot fit, before any work; a low address-space limit stands for all. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { BINARY, command, type Finished } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { copySharedRun } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

/** Runs the tool with an address space of this many KiB. Node alone takes about 1 GiB of it. */
function limited(kibibytes: number, words: readonly string[]): Promise<Finished> {
  const script = `ulimit -v ${kibibytes}; exec "$@"`;
  return command(['bash', '-c', script, 'limited', process.execPath, BINARY, ...words]);
}

/** The error of a refusal that names a batch which fits, with the command that asks for it. */
const FITTING =
  /^resnet: .+ needs about [\d.]+ GiB of memory, and only [\d.]+ GiB is left of the 6\.0 GiB of address space \(ulimit -v\); the largest batch that fits is (\d+): give --batch-size \1, or --no-memory-check to try it\n$/;

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('with 6 GiB of address space', () => {
  test.each([
    ['train', '--batch-size', '50000'],
    ['train', '--batch-size', '6000', '--depth', '152'],
    ['bench', '--batch-size', '50000'],
  ])('%s %s %s is refused (exit 2), and names the largest batch that fits', async (...words) => {
    const runFolder = join(folder, 'run');
    const given = words.filter((word) => word !== undefined);
    const rest = given[0] === 'train' ? ['--checkpoint-dir', runFolder] : [];
    const { code, stdout, stderr } = await limited(6 * 2 ** 20, [...given, '--device', 'cpu', ...rest]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(FITTING);
    expect(existsSync(runFolder)).toBe(false);
  });
});

describeWithTensorFlow('a model', () => {
  const run = join(folder, 'model');
  beforeAll(() => copySharedRun(run));

  const checkpoint = join(run, 'best.safetensors');
  const pictures = ['docs/confusion.png', 'no-such.png']; // both count: memory is judged before any is read
  const commands = [
    { words: ['eval', '--checkpoint', checkpoint], subject: 'evaluating 500 images at once', kib: 1_800_000 },
    {
      words: ['predict', ...pictures, '--checkpoint', checkpoint],
      subject: 'evaluating 2 images at once',
      kib: 1_800_000,
    },
    // The thread that renews the run's lock takes address space too.
    { words: ['train', '--resume', run, '--epochs', '3'], subject: 'training with --batch-size 16', kib: 2_000_000 },
  ];
  (process.platform === 'linux' ? test : test.skip).each(commands)(
    'is refused for $words.0 if memory cannot even hold one image (exit 2)',
    async ({ words, subject, kib }) => {
      const { code, stdout, stderr } = await limited(kib, [...words, '--device', 'cpu']);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(`resnet: ${subject} needs about`);
      expect(stderr).toMatch(
        /MiB is left of the 1\.[79] GiB of address space .*; not even a batch of one image fits: .*\n$/,
      );
    },
  );
});
