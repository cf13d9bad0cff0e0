/**
 * The lock on a run's folder: a second run is refused; a lock of a dead process, or a file that is no lock, is removed.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { type Attempt, expectRefusal, testRefusal } from './refusal.ts';
import { newFolder, SAVED, trainIn } from './run-folder.ts';
import { ENDLESS_RUN, noTensorFlow } from './small-run.ts';
import { startTrainer } from './trainer.ts';

const root = temporaryFolder();
const skip = noTensorFlow;

const expectTrained = (attempted: Attempt, folder: string) => {
  expect(attempted).toMatchObject({ code: 0, stdout: expect.stringContaining('\ntest it: ') });
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(SAVED));
  expect(readdirSync(folder).filter((name) => name.startsWith('.lock'))).toEqual([]);
};

testFault(
  'two trainers in one folder, then the first is killed by SIGKILL',
  'the second: exit 7, naming the first; a third trains, and says whose lock it removed',
  async (see) => {
    const folder = newFolder(root);
    const first = await startTrainer([...ENDLESS_RUN, '--checkpoint-dir', folder]);
    let second: Attempt;
    try {
      second = { ...(await trainIn(root, folder)), written: [] }; // the first run still writes
    } finally {
      await first.kill();
    }
    const third = await trainIn(root, folder);
    see(`the second: exit ${second.code}, ${second.stderr} the third: exit ${third.code}, ${third.stderr}`);
    expectRefusal(second, { code: 7, message: `process ${first.pid} has been training here since` });
    expect(third.stderr).toContain(`a lock left behind by process ${first.pid} was removed\n`);
    expectTrained(third, folder);
  },
  { skip },
);

testFault(
  'a lock file of garbage',
  'it says so and trains: exit 0',
  async (see) => {
    const folder = newFolder(root);
    writeFileSync(join(folder, '.lock'), Buffer.from('\0\xff{"pid":', 'latin1'));
    const attempted = await trainIn(root, folder);
    see(`exit ${attempted.code}: ${attempted.stderr || 'it trained'}`);
    expect(attempted.stderr).toBe('a lock that names no process was removed\n');
    expectTrained(attempted, folder);
  },
  { skip },
);

testFault(
  'a link out of the folder in place of the lock file',
  'what it leads to stays as it was; it trains: exit 0',
  async (see) => {
    const folder = newFolder(root);
    const outside = join(newFolder(root), 'file');
    writeFileSync(outside, 'precious');
    symlinkSync(outside, join(folder, '.lock'));
    const attempted = await trainIn(root, folder);
    see(`exit ${attempted.code}, the file outside says ${readFileSync(outside, 'utf8')}`);
    expectTrained(attempted, folder);
    expect(readFileSync(outside, 'utf8')).toBe('precious');
  },
  { skip },
);

testFault(
  'a link that leads nowhere in place of the lock file',
  'it trains, and leaves nothing but its checkpoints: exit 0',
  async (see) => {
    const folder = newFolder(root);
    symlinkSync('/nowhere', join(folder, '.lock'));
    const attempted = await trainIn(root, folder);
    see(`exit ${attempted.code}, left ${readdirSync(folder).join(' ')}`);
    expectTrained(attempted, folder);
  },
  { skip },
);

testRefusal(
  'a folder in place of the lock file',
  { code: 5, message: '.lock: cannot be read as a lock (EISDIR); remove it' },
  () => {
    const folder = newFolder(root);
    mkdirSync(join(folder, '.lock'));
    return trainIn(root, folder);
  },
  undefined,
  { skip },
);

testRefusal(
  'a named pipe in place of the lock file',
  { code: 5, message: '.lock: ' },
  () => {
    const folder = newFolder(root);
    execFileSync('mkfifo', [join(folder, '.lock')]);
    return trainIn(root, folder, (words) => ['timeout', '--signal=KILL', '10', ...words]);
  },
  undefined,
  { skip },
);
