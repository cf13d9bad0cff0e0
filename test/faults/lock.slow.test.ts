/**
 * The lock on a run's folder: a second run is refused, also from another container; a lock of a dead process, or a file
 * that is no lock, is removed; a run that stood still writes nothing once its lock is another's.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Attempt } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { expectRefusal, testRefusal } from './refusal.ts';
import { contentsOf } from './resumable-run.ts';
import { newFolder, SAVED, trainIn } from './run-folder.ts';
import { ENDLESS_RUN, noTensorFlow } from './small-run.ts';
import { launchTrainer, startTrainer } from './trainer.ts';

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

/** Starts a run that never ends, and waits until it has saved. */
async function trainerThatSaved(folder: string) {
  const trainer = launchTrainer([...ENDLESS_RUN, '--tensorboard', '--json', '--checkpoint-dir', folder]);
  await trainer.printed('"event":"saved"');
  return trainer;
}

/** Runs a command as a container does: as the first process of a namespace of its own. */
const inContainer = (words: readonly string[]) => ['unshare', '--pid', '--fork', '--mount-proc', ...words];
const noContainer =
  spawnSync('unshare', inContainer(['true']).slice(1)).status === 0
    ? undefined
    : 'unshare may not make a namespace of process ids here';

testFault(
  'a trainer, a second in another container, and a third there once the first has stood still for a minute',
  'the second: exit 7, naming the first; the third trains, and says whose lock it took; the first, awake, writes nothing: exit 7',
  async (see) => {
    const folder = newFolder(root);
    const first = await trainerThatSaved(folder);
    const second = await trainIn(root, folder, inContainer);
    first.signal('SIGSTOP');
    const minuteAgo = Date.now() / 1000 - 61;
    utimesSync(join(folder, '.lock'), minuteAgo, minuteAgo);
    const third = await trainIn(root, folder, inContainer);
    const before = contentsOf(folder);
    first.signal('SIGCONT');
    const { code, stderr } = await first.ended;
    see(`exit ${second.code}, ${second.stderr} exit ${third.code}, ${third.stderr} exit ${code}, ${stderr}`);
    expectRefusal({ ...second, written: [] }, { code: 7, message: `process ${first.pid} in another container (host ` });
    expect(second.stderr).toContain(`or at once by: rm ${folder}/.lock\n`);
    expect(third.stderr).toMatch(
      new RegExp(`a lock left behind by process ${first.pid} in another container .* for 60 s, was removed\n`),
    );
    expectTrained(third, folder);
    expect([code, stderr]).toEqual([7, expect.stringContaining(`${folder}: this run's lock was removed, perhaps by`)]);
    expect(contentsOf(folder)).toEqual(before);
  },
  { skip: skip ?? noContainer },
);

testFault(
  'a trainer that stands still, and finds its lock taken by another machine when it wakes',
  'exit 7, naming the other; not a byte in the folder has changed',
  async (see) => {
    const folder = newFolder(root);
    const trainer = await trainerThatSaved(folder);
    trainer.signal('SIGSTOP');
    const local = await trainIn(root, folder);
    for (const name of readdirSync(folder).filter((each) => /\.tmp$|^\.lock$/.test(each))) rmSync(join(folder, name));
    writeFileSync(join(folder, '.lock'), '{"pid":17,"started":1,"since":"today","host":"elsewhere"}');
    const before = contentsOf(folder);
    trainer.signal('SIGCONT');
    const { code, stderr } = await trainer.ended;
    see(`exit ${code}, ${stderr}`);
    expectRefusal(
      { ...local, written: [] },
      { code: 7, message: `process ${trainer.pid} has been training here since` },
    );
    expect([code, stderr]).toEqual([
      7,
      `resnet: ${folder}: this run's lock was taken by process 17 on host elsewhere, which trains here since today; this run ends and writes nothing more; choose another --checkpoint-dir\n`,
    ]);
    expect(contentsOf(folder)).toEqual(before);
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
    return trainIn(root, folder, (words) => ['timeout', '--signal=KILL', '40', ...words]);
  },
  undefined,
  { skip },
);
