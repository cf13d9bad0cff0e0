/** Faults of a run that two workers train together: who ends with which code, how soon, and what goes on after it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect } from '@jest/globals';
import { withFlags } from '../support/flags.ts';
import { resnet } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type See, testFault } from './fault.ts';
import { expectEndOf, expectSound, leftBehind, outcomeOf } from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';
import {
  Cable,
  type Faulted,
  faulted,
  MOST_SECONDS,
  printedResume,
  resumePrinted,
  SHARED_RUN,
  seenOf,
  startWorker,
  twoPlaces,
} from './workers.ts';

const root = temporaryFolder();
const options = { skip: noTensorFlow, timeoutSeconds: 180 };
const newFolder = () => mkdtempSync(join(root, 'shared-'));
/** Trains until it is stopped. */
const ENDLESS = withFlags(SHARED_RUN, '--epochs', '1000000');

/** What a run of two workers comes to that nothing happens to. */
let whole: ReturnType<typeof outcomeOf>;
beforeAll(async () => {
  if (noTensorFlow !== undefined) return;
  const folder = newFolder();
  const words = [...SHARED_RUN, '--workers', '2', '--checkpoint-dir', folder];
  expect(await resnet(words)).toMatchObject({ code: 0, stderr: '' });
  whole = outcomeOf(folder);
}, 120_000);

/** Checks the end of a run, and that the printed command resumes it. */
async function expectLost(see: See, folder: string, end: Faulted, code: number, message: RegExp): Promise<void> {
  see(seenOf(end));
  expect(end.stderr).toMatch(message);
  expect(end).toMatchObject({ code });
  expect(end.seconds).toBeLessThan(MOST_SECONDS);
  await expectSound(folder);
  expect(printedResume(end.stderr)).toEqual(['train', '--resume', join(folder, 'last.safetensors'), '--workers', '2']);
}

testFault(
  'worker 1 of 2 is killed',
  'exit 137 within 10 s, worker 0 says that worker 1 was lost; the printed command resumes to the end of the run without it',
  async (see) => {
    const folder = newFolder();
    const end = await faulted(folder, ({ pids }) => process.kill(pids[1]!, 'SIGKILL'));
    await expectLost(
      see,
      folder,
      end,
      137,
      /^resnet: worker 1 .*was lost: its connection closed.*\n.*worker 1 was ended by SIGKILL\n$/,
    );
    await resumePrinted(end.stderr);
    expectEndOf(whole, folder);
  },
  options,
);

testFault(
  'worker 0 of 2 is killed',
  'exit 137 within 10 s, the launcher says what is saved; the printed command resumes to the end of the run without it',
  async (see) => {
    const folder = newFolder();
    const end = await faulted(folder, ({ pids }) => process.kill(pids[0]!, 'SIGKILL'));
    await expectLost(see, folder, end, 137, /^resnet: worker 0 was ended by SIGKILL; saved up to step \d+/);
    await resumePrinted(end.stderr, /^a lock left behind by process \d+ was removed\n$/);
    expect(outcomeOf(folder)).toEqual(whole);
  },
  options,
);

testFault(
  'Ctrl-C at the launcher of 2 workers',
  'both stop after the same step, saved, exit 130; the printed command resumes to the end of the run without it',
  async (see) => {
    const folder = newFolder();
    const end = await faulted(folder, ({ launcher }) => launcher.signal('SIGINT'));
    await expectLost(
      see,
      folder,
      end,
      130,
      /^\nSIGINT: stopping after this step\nresnet: stopped by SIGINT; saved up to/,
    );
    expect(leftBehind(folder)).toEqual([]);
    await resumePrinted(end.stderr);
    expectEndOf(whole, folder);
  },
  options,
);

testFault(
  'SIGINT to worker 1 of 2 alone',
  'both stop after the same step, worker 0 saves and says who was stopped, exit 130',
  async (see) => {
    const folder = newFolder();
    const end = await faulted(folder, ({ pids }) => process.kill(pids[1]!, 'SIGINT'), ENDLESS);
    await expectLost(
      see,
      folder,
      end,
      130,
      /^resnet: worker 1 was lost: stopped by SIGINT \(exit 130\); saved up to step \d+/,
    );
    expect(leftBehind(folder)).toEqual([]);
  },
  options,
);

testFault(
  'the launcher of 2 workers is killed',
  'both stop after the same step and save; no process is left',
  async (see) => {
    const folder = newFolder();
    const end = await faulted(folder, ({ launcher }) => launcher.signal('SIGKILL'), ENDLESS);
    // Its end is seen when the workers have closed the output that they share with it.
    await expectLost(see, folder, end, 137, /\nresnet: stopped by the end of its launcher; saved up to step \d+/);
    expect(leftBehind(folder)).toEqual([]);
  },
  options,
);

testFault(
  'worker 1 of 2 stands still, and worker 0 of another run, and a third run is cut in two',
  'exit 9 within 10 s on all who still run, who name the worker; what was saved is whole',
  async (see) => {
    const [one, other, cut] = [newFolder(), newFolder(), newFolder()];
    const [follower, leader, parted] = await Promise.all([
      faulted(one, ({ pids }) => process.kill(pids[1]!, 'SIGSTOP'), ENDLESS),
      faulted(other, ({ pids }) => process.kill(pids[0]!, 'SIGSTOP'), ENDLESS),
      cutInTwo(cut),
    ]);
    await expectLost(
      see,
      one,
      follower,
      9,
      /^waiting for worker 1 .*\nresnet: worker 1 .*was lost: nothing was heard from it for 8 s; saved/,
    );
    await expectLost(see, other, leader, 9, /^resnet: worker 0 stood still and was killed; saved up to step \d+/);
    see([seenOf(follower), seenOf(leader), ...parted.map(seenOf)].join(' / '));
    for (const [rank, end] of parted.entries()) {
      expect(end.stderr).toMatch(
        new RegExp(`resnet: worker ${1 - rank} .*was lost: nothing was heard from it for 8 s`),
      );
      expect(end.code).toBe(9);
      expect(end.seconds).toBeLessThan(MOST_SECONDS);
    }
    await expectSound(cut);
  },
  options,
);

/** Trains with two workers on cables, and cuts them all. */
async function cutInTwo(folder: string): Promise<Faulted[]> {
  const { addresses, control } = await twoPlaces();
  const portOf = (address: string) => Number(address.split(':')[1]);
  const cables = await Promise.all([...addresses.map(portOf), control].map((port) => Cable.to(port)));
  const [zero, one, between] = cables.map(({ port }) => port);
  const words = ['--epochs', '1000000'];
  const workers = [
    startWorker(0, { addresses: [addresses[0], `127.0.0.1:${one}`], control }, folder, [...words, '--json']),
    startWorker(1, { addresses: [`127.0.0.1:${zero}`, addresses[1]], control: between! }, folder, words),
  ];
  await workers[0]!.printed('"event":"saved","step":3,');
  const began = performance.now();
  for (const cable of cables) cable.cut();
  try {
    return await Promise.all(
      workers.map(async ({ ended }) => ({ ...(await ended), seconds: (performance.now() - began) / 1000 })),
    );
  } finally {
    for (const cable of cables) cable.close();
  }
}

/** A small disk, which is gone afterwards. */
async function onDisk<Result>(kibibytes: number, use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(root, 'disk-'));
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', folder]);
  if (status !== 0) throw new Error(`no disk may be mounted: ${stderr}`);
  try {
    return await use(folder);
  } finally {
    spawnSync('umount', ['--lazy', folder]);
  }
}

const noDisk = await onDisk(4, async () => undefined).catch(({ message }: Error) => message);

testFault(
  'the disk of worker 0 of 2 fills up',
  'exit 5 within 10 s, with the bytes needed; the checkpoint before is whole',
  async (see) => {
    await onDisk(16 * 1024, async (folder) => {
      const fill = () => {
        const { bavail, bsize } = statfsSync(folder);
        try {
          writeFileSync(join(folder, 'else'), Buffer.alloc(bavail * bsize));
        } catch (error) {
          expect(error).toMatchObject({ code: 'ENOSPC' });
        }
      };
      const end = await faulted(folder, fill, ENDLESS);
      see(seenOf(end));
      expect(end.stderr).toMatch(/^resnet: .*could not be written: no room \(ENOSPC\): \d+ bytes are needed.*\n$/);
      expect(end.code).toBe(5);
      expect(end.seconds).toBeLessThan(MOST_SECONDS);
      await expectSound(folder);
    });
  },
  { ...options, skip: noTensorFlow ?? noDisk },
);
