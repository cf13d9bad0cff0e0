/** What happens slowly on the control connection, and with workers in processes of their own. */
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { FACTS, failure, joinAs, lossOf, newCluster, openWorkers, SOON_SILENT, workerProcess } from './workers.ts';

const { together, opened } = openWorkers();

test('the connection goes on while a main thread stands still', async () => {
  const controls = await together(await newCluster(2), { timing: SOON_SILENT });
  const end = performance.now() + 1_300; // longer than the silence that is a loss
  while (performance.now() < end); // the main thread of both
  await Promise.all(controls.map((control) => control.ready(FACTS)));
});

test.each([0, 1])('worker %i is lost after a silence when it is frozen', async (rank) => {
  const cluster = await newCluster(2);
  const frozen = workerProcess(cluster, rank);
  const control = await opened(joinAs(cluster, 1 - rank, { timing: SOON_SILENT }));
  await frozen.joined;
  frozen.child.kill('SIGSTOP');
  expect(await lossOf(control)).toContain(
    `worker ${rank} (127.0.0.1:${rank + 1}) was lost: nothing was heard from it for 1 s`,
  );
  frozen.child.kill('SIGKILL');
});

test('a cluster is joined over IPv6, and the leader listens there', async () => {
  if (!Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === '::1'))) {
    process.stderr.write('left out: this machine has no ::1\n');
    return;
  }
  const controls = await together(await newCluster(2, 30, '[::1]'));
  await Promise.all(controls.map((control) => control.done()));
});

test('a worker may come again that went before all were there', async () => {
  const cluster = await newCluster(3);
  const missing: number[] = [];
  const leader = joinAs(cluster, 0, { onWaiting: (names) => missing.push(names.length) });
  const first = workerProcess(cluster, 1);
  while (missing.at(-1) !== 1) await setTimeout(10);
  first.child.kill('SIGKILL');
  while (missing.at(-1) !== 2) await setTimeout(10);
  await Promise.all([leader, joinAs(cluster, 1), joinAs(cluster, 2)].map(opened));
});

test('a worker of another cluster waits for its own leader, is told why, and harms nobody', async () => {
  const cluster = await newCluster(2);
  const notices: string[] = [];
  const stray = { ...cluster, secret: 'another', startLimit: 0.5 };
  const strays = failure(joinAs(stray, 1, { notice: (message) => notices.push(message) }));
  const seen: string[] = [];
  const leader = joinAs(cluster, 0, { notice: (message) => seen.push(message) });
  expect(await strays).toMatch(
    /^exit 2: .* did not take this worker in within 0.5 s: its RESNET_CLUSTER_SECRET is another/,
  );
  expect(notices).toEqual([
    `127.0.0.1:${cluster.controlPort} does not take this worker in: its RESNET_CLUSTER_SECRET is another, so it leads another cluster; trying again`,
  ]);
  expect(seen).toEqual(['a connection from 127.0.0.1 gave another RESNET_CLUSTER_SECRET: refused']);
  const controls = await Promise.all([leader, joinAs(cluster, 1)].map(opened));
  await Promise.all(controls.map((control) => control.done()));
});

test('a worker of a rank that is there already is told so', async () => {
  const cluster = await newCluster(2);
  await together(cluster);
  expect(await failure(joinAs({ ...cluster, startLimit: 0.2 }, 1))).toContain('it has a worker 1 already');
});

test('a process ends by itself when its connection is closed', async () => {
  const cluster = await newCluster(2);
  const child = workerProcess(cluster, 1, 'control.close();');
  await opened(joinAs(cluster, 0));
  expect(await once(child.child, 'exit')).toEqual([0, null]);
});
