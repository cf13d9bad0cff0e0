/** SIGKILL at random times: a run that is killed and resumed again and again is the run that was never killed. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect } from '@jest/globals';
import { RandomGenerator } from '../../src/random.ts';
import { resnet } from '../support/resnet.ts';
import { SAVING_RUN } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { expectEndOf, expectSound, type FinishedRun, hasBegun, resume, uninterruptedRun } from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';
import { launchTrainer } from './trainer.ts';

const root = temporaryFolder();
const skip = noTensorFlow;
const WORDS = [...SAVING_RUN, '--epochs', '6'];
const KILLS = process.env.RESNET_LONG === '1' ? 100 : 10;
const SEED = Number(process.env.RESNET_KILL_SEED ?? Date.now() % 1e6);

describe('a run that is killed', () => {
  let whole: FinishedRun;
  let milliseconds: number;
  beforeAll(async () => {
    if (skip !== undefined) return;
    const began = performance.now();
    whole = await uninterruptedRun(root, WORDS);
    milliseconds = performance.now() - began;
  });

  /** Checks that a killed run can be resumed. Returns true if it had saved nothing, so that a new run must begin. */
  async function mustBeginAgain(folder: string, hadBegun: boolean): Promise<boolean> {
    if (hasBegun(folder)) {
      await expectSound(folder);
      return false;
    }
    expect(hadBegun).toBe(false);
    expect(await resume(folder)).toMatchObject({ code: 4, stdout: '' });
    return true;
  }

  testFault(
    `SIGKILL at ${KILLS} random times, each time resumed`,
    'the old or the new checkpoint always loads; in the end log, best and last are those of the run without a kill',
    async (see) => {
      process.stderr.write(`RESNET_KILL_SEED=${SEED} kills at the same times\n`);
      const generator = RandomGenerator.seeded(SEED, 'augmentation');
      const wait = new Float32Array(1);
      const seen = { kills: 0, begun: 0, finished: 0 };
      const tell = () => see(`${seen.kills} kills, ${seen.begun} runs begun, ${seen.finished} equal in the end`);
      let folder: string | undefined;
      let isNew = true;
      const words = () => (isNew ? WORDS : ['train', '--resume']);
      while (seen.kills < KILLS) {
        if (isNew) seen.begun += 1;
        folder ??= mkdtempSync(join(root, 'killed-'));
        const hadBegun = hasBegun(folder);
        const trainer = launchTrainer([...words(), '--checkpoint-dir', folder]);
        generator.fillUniform(wait, 0.75 * milliseconds); // later, it would often be at its end
        const end = await Promise.race([trainer.ended, setTimeout(wait[0])]);
        if (end === undefined) {
          await trainer.kill();
          seen.kills += 1;
          isNew = await mustBeginAgain(folder, hadBegun);
        } else {
          expect(end).toMatchObject({ code: 0 });
          expectEndOf(whole.outcome, folder);
          seen.finished += 1;
          [folder, isNew] = [undefined, true];
        }
        tell();
      }
      const killed = folder ?? '';
      expect(await resnet([...words(), '--checkpoint-dir', killed])).toMatchObject({ code: 0 });
      expectEndOf(whole.outcome, killed);
      seen.finished += 1;
      tell();
    },
    { skip, timeoutSeconds: 15 * KILLS },
  );
});
