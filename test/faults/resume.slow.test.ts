/** Runs that cannot be resumed: a reason, and nothing is changed. */
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect } from '@jest/globals';
import { resnet } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { attempt, expectRefusal } from './refusal.ts';
import { contentsOf, copyOf, expectSound, type FinishedRun, finishedRun, resume } from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';
import { launchTrainer } from './trainer.ts';

const root = temporaryFolder();
const skip = noTensorFlow;

let whole: FinishedRun;
beforeAll(async () => {
  if (skip === undefined) whole = await finishedRun(root);
});

testFault(
  '--resume of a run whose epochs are done',
  'exit 0: it says so in text and in JSON, and changes nothing, whatever else is given',
  async (see) => {
    const before = contentsOf(whole.folder);
    const other = ['--seed', '1', '--override', 'seed', '--json'];
    const [text, json] = [await resume(whole.folder), await resume(whole.folder, other)];
    see(`exit ${text.code}: ${text.stdout}`);
    expect(text).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/belongs\s+to\s+a\s+finished\s+run:\s+2\s+epochs\s+trained,/),
    });
    expect(json).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({ event: 'finished', step: 4, epochs: 2, best: { epoch: 2 } });
    expect(contentsOf(whole.folder)).toEqual(before);
  },
  { skip },
);

for (const [fault, words] of [
  ['--resume where there is no run', ['--resume']],
  ['--resume PATH where there is nothing', ['--resume', 'no/such.safetensors']],
  ['--resume --checkpoint-dir where there is nothing', ['--resume', '--checkpoint-dir', 'nowhere']],
] as const) {
  testFault(fault, 'exit 4: no such run or checkpoint; nothing is made', async (see) => {
    const attempted = await attempt(root, ['train', ...words]);
    see(`exit ${attempted.code}: ${attempted.stderr}`);
    expectRefusal(attempted, { code: 4, message: /: no such (run or )?checkpoint.*; make one with `.* train`/ });
  });
}

testFault('--resume in an empty folder', 'exit 4: it holds no run; it stays empty', async (see) => {
  const folder = mkdtempSync(join(root, 'empty-'));
  mkdirSync(join(folder, 'run'));
  const { code, stderr } = await resnet(['train', '--resume', join(folder, 'run')]);
  see(`exit ${code}: ${stderr}`);
  expect([code, readdirSync(join(folder, 'run'))]).toEqual([4, []]);
  expect(stderr).toMatch(/^resnet: .*run: holds no run; make one with `.* train`\n$/);
});

testFault(
  '--resume twice at once',
  'one trains; the other: exit 7, naming the one',
  async (see) => {
    const folder = copyOf(root, whole.folder);
    const words = ['train', '--resume', folder, '--epochs', '1000000'];
    const both = [launchTrainer(words), launchTrainer(words)] as const;
    const [first, second] = await Promise.race([
      both[0].ended.then((ended) => [ended, both[1]] as const),
      both[1].ended.then((ended) => [ended, both[0]] as const),
    ]);
    see(`exit ${first.code}: ${first.stderr}`);
    expect([first.code, first.stdout]).toEqual([7, '']);
    expect(first.stderr).toContain(`process ${second.pid} has been training here since`);
    await second.printed('resuming from');
    await second.kill();
    await expectSound(folder);
  },
  { skip },
);
