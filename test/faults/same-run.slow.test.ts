/** A run whose steps are one graph, stopped and resumed, beside one that was never stopped. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { withFlags } from '../support/flags.ts';
import { SAVING_RUN } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { outcomeOf, resume, uninterruptedRun } from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';
import { launchTrainer } from './trainer.ts';

const root = temporaryFolder();
const WORDS = withFlags(SAVING_RUN, '--recipe', 'fast', '--limit-train', '64').filter(
  (word) => word !== '--no-compile',
);

testFault(
  'a run that is stopped inside an epoch and resumed',
  'last, best and every logged step are those of the run that was never stopped',
  async (see) => {
    const whole = await uninterruptedRun(root, WORDS);
    const folder = mkdtempSync(join(root, 'stopped-'));
    const stopped = launchTrainer([...WORDS, '--json', '--checkpoint-dir', folder]);
    await stopped.printed('"step":2,');
    stopped.signal('SIGTERM');
    expect((await stopped.ended).code).toBe(143);
    expect(await resume(folder)).toMatchObject({ code: 0 });
    const outcome = outcomeOf(folder);
    see(
      `last ${whole.outcome.last} without, ${outcome.last} with; best ${whole.outcome.best} without, ${outcome.best} with; ` +
        `${whole.outcome.rows.length} rows without, ${outcome.rows.length} with`,
    );
    expect(outcome).toEqual(whole.outcome);
    expect(outcome.rows).toHaveLength(10);
  },
  { skip: noTensorFlow },
);
