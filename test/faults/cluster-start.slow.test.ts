/** Workers that are started one by one, and do not find together as they should. */
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { Control } from '../../src/cluster/control.ts';
import type { Finished } from '../support/resnet.ts';
import { writeTrainingData } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { leftBehind } from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';
import { isTaken, type Places, startWorker, twoPlaces } from './workers.ts';

const root = temporaryFolder();
const options = { skip: noTensorFlow, timeoutSeconds: 120 };
const newFolder = () => mkdtempSync(join(root, 'shared-'));
const portOf = (address: string) => Number(address.split(':')[1]);
/** One epoch of two steps. */
const SHORT = ['--epochs', '1'];

/** Starts both workers, each with changes of its own. */
function startBoth(places: Places, folder: string, ofLeader: readonly string[], ofFollower: readonly string[]) {
  const leader = startWorker(0, places, folder, [...SHORT, ...ofLeader]);
  const follower = startWorker(1, places, folder, [...SHORT, ...ofFollower]);
  return Promise.all([leader.ended, follower.ended]);
}

const seen = (ends: readonly Finished[]) =>
  ends.map(({ code, stderr }) => `exit ${code}: ${lastLine(stderr)}`).join(' / ');
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1) ?? '';

/** Holds a port while something is done. */
async function holding<Result>(port: number, work: () => Promise<Result>): Promise<Result> {
  const server = createServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(port, resolve));
  try {
    return await work();
  } finally {
    server.close();
  }
}

testFault(
  'worker 0 comes 3 s after worker 1, and both end right after the last step',
  'both train, exit 0; worker 1 says who writes, and that it is done',
  async (see) => {
    const [places, folder] = [await twoPlaces(), newFolder()];
    const follower = startWorker(1, places, folder, SHORT);
    await setTimeout(3000);
    const leader = startWorker(0, places, folder, SHORT);
    const ends = await Promise.all([leader.ended, follower.ended]);
    see(seen(ends));
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expect(ends[1].stdout).toBe('');
    expect(ends[1].stderr).toMatch(
      /^warning: TensorFlow listens on port \d+ of all this machine's addresses.*\nworker 1 of 2: worker 0 prints and writes\nworker 1 of 2: done at step 2\n$/,
    );
    expect(leftBehind(folder)).toEqual([]);
    const { addresses, control } = places;
    expect(await Promise.all([...addresses.map(portOf), control].map(isTaken))).toEqual([false, false, false]);
  },
  options,
);

testFault(
  'worker 1 never comes',
  'exit 9 after --start-limit, naming worker 1 and its address',
  async (see) => {
    const [places, folder] = [await twoPlaces(), newFolder()];
    const { code, stderr } = await startWorker(0, places, folder, [...SHORT, '--start-limit', '2s']).ended;
    see(`exit ${code}: ${lastLine(stderr)}`);
    expect(lastLine(stderr)).toContain(`worker 1 (${places.addresses[1]})`);
    expect([code, leftBehind(folder)]).toEqual([9, []]);
  },
  options,
);

testFault(
  'the port of worker 1 is taken',
  'worker 1 ends with 5 and names the port, worker 0 with 9 and names the cause',
  async (see) => {
    const [places, folder] = [await twoPlaces(), newFolder()];
    const port = portOf(places.addresses[1]);
    const ends = await holding(port, () => startBoth(places, folder, [], []));
    see(seen(ends));
    expect(ends.map(({ code }) => code)).toEqual([9, 5]);
    expect(lastLine(ends[1].stderr)).toContain(String(port));
    expect(lastLine(ends[0].stderr)).toMatch(/resnet: worker 1 .*was lost: .*\(exit 5\)/);
    expect(leftBehind(folder)).toEqual([]);
  },
  options,
);

testFault(
  'a second cluster on the ports of the first',
  'its worker 0 ends with 5 and names the port, its worker 1 finds the place taken; the first one trains to its end',
  async (see) => {
    const [places, folder, other] = [await twoPlaces(), newFolder(), newFolder()];
    const first = [0, 1].map((rank) => startWorker(rank, places, folder, SHORT));
    await first[0]!.printed('backend tensorflow');
    const second = await Promise.all(
      [0, 1].map((rank) => startWorker(rank, places, other, [...SHORT, '--start-limit', '2s']).ended),
    );
    const ends = await Promise.all(first.map(({ ended }) => ended));
    see(seen([...second, ...ends]));
    expect(second[0]!.code).toBe(5);
    expect(lastLine(second[0]!.stderr)).toContain(String(places.control));
    expect(second[1]!.code).not.toBe(0);
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expect(leftBehind(other)).toEqual([]);
  },
  options,
);

testFault(
  'workers with other settings, with other data, and of another version',
  'all end with 2, and both sides name what differs',
  async (see) => {
    const [one, other] = [join(root, 'data-1'), join(root, 'data-2')];
    writeTrainingData(one, 60);
    writeTrainingData(other, 61);
    const data = ['--limit-train', '32', '--limit-val', '4', '--val-size', '4'];
    const [settings, sets, versions] = await Promise.all([
      startBoth(await twoPlaces(), newFolder(), ['--lr', '0.001'], ['--lr', '0.002']),
      startBoth(await twoPlaces(), newFolder(), [...data, '--data-dir', one], [...data, '--data-dir', other]),
      ofVersions(await twoPlaces(), newFolder()),
    ]);
    see([seen(settings), seen(sets), versions.map(lastLine).join(' / ')].join(' // '));
    expect([...settings, ...sets].map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    for (const { stderr } of settings) expect(lastLine(stderr)).toMatch(/--lr.*0\.00[12].*0\.00[12]/);
    for (const { stderr } of sets) expect(lastLine(stderr)).toMatch(/data/);
    for (const text of versions) expect(lastLine(text)).toMatch(/0\.0\.1/);
  },
  options,
);

/** A worker 0 of this version, and what is said to a worker 1 of another: what both say. */
async function ofVersions(places: Places, folder: string): Promise<string[]> {
  const leader = startWorker(0, places, folder, SHORT);
  const { addresses, control: controlPort } = places;
  const join = Control.join(
    { rank: 1, addresses, controlPort, startLimit: 60, secret: undefined },
    { version: '0.0.1', notice: () => {}, onWaiting: () => {}, signal: new AbortController().signal },
  );
  const [refused, { code, stderr }] = await Promise.all([
    join.then(
      () => 'it was let in',
      (error: Error) => error.message,
    ),
    leader.ended,
  ]);
  expect(code).toBe(2);
  return [stderr, refused];
}
