/** Runs that are asked to stop, whatever they do at that moment: saved, with the command to resume, to the same end. */
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect } from '@jest/globals';
import { withFlags } from '../support/flags.ts';
import { BINARY, CALLED, command, jsonLines, PRESS_CTRL_C, resnet } from '../support/resnet.ts';
import { SAVING_RUN } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import {
  eventsOf,
  expectEndOf,
  expectResumedTo,
  expectSound,
  type FinishedRun,
  leftBehind,
  uninterruptedRun,
} from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';
import { launchTrainer } from './trainer.ts';

const root = temporaryFolder();
const skip = noTensorFlow;
const newFolder = () => mkdtempSync(join(root, 'stopped-'));

/** Whether a signal waits for a process to take it: proc_pid_status(5), ShdPnd. */
function isPending(pid: number, name: NodeJS.Signals): boolean {
  const [, mask = '0'] = /^ShdPnd:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return ((BigInt(`0x${mask}`) >> BigInt(constants.signals[name] - 1)) & 1n) === 1n;
}

/** Four steps an epoch, and nothing saved inside one unless it is stopped. */
const WORDS = withFlags(SAVING_RUN, '--limit-train', '64', '--save-interval', '1000');

let whole: FinishedRun;
beforeAll(async () => {
  if (skip === undefined) whole = await uninterruptedRun(root, WORDS);
});

/** Runs until this is printed, and is then sent a signal. */
async function stopped(words: readonly string[], text: string, signal: NodeJS.Signals) {
  const folder = newFolder();
  const trainer = launchTrainer([...words, '--json', '--checkpoint-dir', folder]);
  await trainer.printed(text);
  trainer.signal(signal);
  return { folder, ...(await trainer.ended) };
}

/** Checks the lines of a run that was stopped; returns the words of the command that resumes it. */
function wordsToResume(stderr: string, signal: NodeJS.Signals): string[] {
  const [, called, command = ''] = /; saved up to step \d+; resume with: (.+) (train .+)\n$/.exec(stderr) ?? [];
  expect(called).toBe(CALLED);
  expect(stderr).toContain(`\n${signal}: stopping after this step\nresnet: stopped by ${signal}; saved up to step`);
  return command.split(' ');
}

describe('a run that gets', () => {
  for (const [when, text, signal] of [
    ['inside an epoch', '"step":2,', 'SIGTERM'],
    ['when an epoch has ended and is being saved', '"event":"epoch"', 'SIGINT'],
  ] as const) {
    const exit = 128 + constants.signals[signal];
    testFault(
      `${signal} ${when}`,
      `a line at once, saved, exit ${exit}; the printed command resumes to the end of the run that was never stopped`,
      async (see) => {
        const { folder, code, stderr } = await stopped(WORDS, text, signal);
        see(`exit ${code}: ${stderr}`);
        expect([code, leftBehind(folder)]).toEqual([exit, []]);
        await expectSound(folder);
        expect(await resnet(wordsToResume(stderr, signal))).toMatchObject({ code: 0, stderr: '' });
        expectEndOf(whole.outcome, folder);
      },
      { skip },
    );
  }

  testFault(
    'SIGHUP during validation',
    'saved after the last step of the epoch, exit 129; resumed to the same end',
    async (see) => {
      const words = withFlags(WORDS, '--limit-val', '1000', '--epochs', '1');
      const { folder, code, stderr } = await stopped(words, '"step":4,', 'SIGHUP');
      see(`exit ${code}: ${stderr}`);
      expect(code).toBe(129);
      const { stdout } = await resnet(['verify', join(folder, 'last.safetensors'), '--json']);
      expect(jsonLines(stdout).flat()).toMatchObject([{ metadata: { progress: { epochs: 0, batch: 4 } } }]);
      const { outcome } = await uninterruptedRun(root, words);
      await expectResumedTo(outcome, folder);
    },
    { skip },
  );

  testFault(
    'SIGINT while the backend is loaded',
    'exit 130, with a line that nothing was saved; nothing is left in the folder',
    async (see) => {
      const folder = newFolder();
      const trainer = launchTrainer([...WORDS, '--checkpoint-dir', folder]);
      while (!existsSync(join(folder, '.lock'))) await setTimeout(5);
      trainer.signal('SIGINT');
      const { code, stdout, stderr } = await trainer.ended;
      see(`exit ${code}: ${stderr}`);
      expect({ code, stdout, files: readdirSync(folder) }).toEqual({ code: 130, stdout: '', files: [] });
      expect(stderr).toMatch(/\nresnet: stopped by SIGINT; no step was taken, so nothing was saved\n$/);
    },
    { skip },
  );

  testFault(
    'SIGINT, and SIGTERM at once after it',
    'ended by the second: exit 143, no further line; the lock is gone, and what was saved before is whole',
    async (see) => {
      const folder = newFolder();
      const trainer = launchTrainer([...SAVING_RUN, '--epochs', '1000', '--json', '--checkpoint-dir', folder]);
      await trainer.printed('"event":"saved"');
      trainer.signal('SIGINT');
      while (isPending(trainer.pid, 'SIGINT')); // two that wait together may arrive in either order
      trainer.signal('SIGTERM');
      const { code, stderr } = await trainer.ended;
      see(`exit ${code}: ${stderr}`);
      expect([code, stderr]).toEqual([143, '\nSIGINT: stopping after this step\n']);
      expect(leftBehind(folder).filter((name) => name.startsWith('.lock'))).toEqual([]);
      await expectSound(folder);
      expect(eventsOf(folder).at(-1)).not.toMatchObject({ event: 'end' });
    },
    { skip },
  );
});

testFault(
  'a run whose terminal is closed',
  'ended by SIGHUP, saved; resumed to the same end',
  async (see) => {
    const folder = newFolder();
    const words = [process.execPath, BINARY, ...WORDS, '--checkpoint-dir', folder];
    const { code } = await command(['python3', PRESS_CTRL_C, '--close', 'epoch 1/', ...words], { CI: undefined });
    see(`exit ${code}, ${eventsOf(folder).at(-1)?.event} up to step ${eventsOf(folder).at(-1)?.step}`);
    expect([code, leftBehind(folder)]).toEqual([129, []]);
    await expectSound(folder);
    await expectResumedTo(whole.outcome, folder);
  },
  { skip },
);
