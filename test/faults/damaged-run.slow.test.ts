/** Runs with a damaged file in their folder, and runs that get worse: what is whole or better is never lost. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect } from '@jest/globals';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import { readSafetensors, writeSafetensors } from '../support/safetensors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import {
  copyOf,
  earlierFiles,
  eventsOf,
  expectEndOf,
  type FinishedRun,
  finishedRun,
  flipBit,
  resume,
  sha256,
} from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';

const root = temporaryFolder();
const skip = noTensorFlow;

let whole: FinishedRun;
beforeAll(async () => {
  if (skip === undefined) whole = await finishedRun(root);
});

const [LAST, PREVIOUS, BEST] = ['last.safetensors', 'last.previous.safetensors', 'best.safetensors'] as const;

describe('resuming a run with', () => {
  for (const [fault, damage, message, moved] of [
    ['with a flipped bit', flipBit, 'last.safetensors: checksum mismatch', [LAST]],
    ['that is gone', rmSync, 'last.safetensors is missing', []],
  ] as const) {
    testFault(
      `a ${LAST} ${fault}`,
      'a notice, and moved to earlier/; the previous one is resumed to the same end',
      async (see) => {
        const folder = copyOf(root, whole.folder);
        damage(join(folder, LAST));
        const { code, stderr } = await resume(folder);
        see(`exit ${code}: ${stderr}`);
        expect(stderr).toContain(message);
        expect(stderr).toMatch(/; resuming from .*last\.previous\.safetensors, step 4/);
        expect([code, earlierFiles(folder)]).toEqual([0, moved]);
        expectEndOf(whole.outcome, folder);
      },
      { skip },
    );
  }

  testFault(
    `a ${LAST} and a ${PREVIOUS} that are damaged`,
    'exit 4 with what is wrong with the last; neither is moved',
    async (see) => {
      const folder = copyOf(root, whole.folder);
      for (const name of [LAST, PREVIOUS]) flipBit(join(folder, name));
      const before = sha256(join(folder, LAST));
      const { code, stderr } = await resume(folder);
      see(`exit ${code}: ${stderr}`);
      expect([code, sha256(join(folder, LAST)), earlierFiles(folder)]).toEqual([4, before, []]);
      expect(stderr).toMatch(/^resnet: .*\/last\.safetensors: checksum mismatch: .*\n$/);
    },
    { skip },
  );

  testFault(
    `a ${LAST} of a later format`,
    'exit 4: upgrade; it stays where it is',
    async (see) => {
      const folder = copyOf(root, whole.folder);
      const path = join(folder, LAST);
      const { tensors, metadata } = await readSafetensors(path);
      writeSafetensors(path, tensors, { ...Object.fromEntries(metadata), 'resnet.format_version': '5' });
      const before = sha256(path);
      const { code, stderr } = await resume(folder);
      see(`exit ${code}: ${stderr}`);
      expect([code, sha256(path), earlierFiles(folder)]).toEqual([4, before, []]);
      expect(stderr).toMatch(/newer than the 4 known here; upgrade resnet to read it\n$/);
    },
    { skip },
  );
});

describe('resuming a run, best.safetensors:', () => {
  /** The epochs in the log, in order. */
  const lossesIn = (folder: string) =>
    eventsOf(folder).flatMap(({ event, validation }) =>
      event === 'epoch' ? [(validation as { loss: number }).loss] : [],
    );

  testFault(
    `a ${BEST} with a flipped bit`,
    'a notice, and moved to earlier/; the previous one replaces it, and the next epoch has to beat that',
    async (see) => {
      const folder = copyOf(root, whole.folder);
      const path = join(folder, BEST);
      flipBit(path);
      const { code, stderr } = await resume(folder, ['--epochs', '3']);
      const { metadata } = await loadCheckpoint(path);
      const [first = 0, , third = 0] = lossesIn(folder);
      see(`exit ${code}: the best of epoch 1, ${first}, and 3, ${third}, is ${metadata?.validationLoss}`);
      expect(stderr).toMatch(/best\.safetensors: checksum mismatch: .*; it was moved to .*, of epoch 1, replaces it\n/);
      expect([code, earlierFiles(folder), metadata?.validationLoss]).toEqual([0, [BEST], Math.min(first, third)]);
    },
    { skip },
  );

  testFault(
    'a worse epoch after a run was resumed',
    'best.safetensors is unchanged',
    async (see) => {
      const folder = copyOf(root, whole.folder);
      const { code } = await resume(folder, ['--epochs', '3', '--lr', '0.3']);
      const losses = lossesIn(folder);
      see(`exit ${code}: validation losses ${losses.map((loss) => loss.toFixed(3)).join(', ')}`);
      expect(losses[2]).toBeGreaterThan(losses[1] ?? Number.NaN);
      expect([code, sha256(join(folder, BEST))]).toEqual([0, whole.outcome.best]);
      const { metadata } = await loadCheckpoint(join(folder, LAST));
      expect(metadata?.progress).toMatchObject({ epochs: 3, best: { epoch: 2 } });
    },
    { skip },
  );

  testFault(
    'a resumed run that diverges',
    'exit 6; best and last are unchanged',
    async (see) => {
      const folder = copyOf(root, whole.folder);
      const { code, stderr } = await resume(folder, ['--epochs', '3', '--lr', '1e30', '--save-interval', '1000']);
      see(`exit ${code}: ${stderr}`);
      expect(stderr).toMatch(
        /training diverged: the loss is not finite since step 6 \(epoch 3\) with learning rate 1e\+30/,
      );
      expect([code, sha256(join(folder, BEST)), sha256(join(folder, LAST))]).toEqual([
        6,
        whole.outcome.best,
        whole.outcome.last,
      ]);
    },
    { skip },
  );
});
