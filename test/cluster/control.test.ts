/** The control connection between workers: real sockets, and a thread for each worker. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { FACTS, failure, joinAs, lossOf, newCluster, openWorkers } from './workers.ts';

const { together, opened } = openWorkers();

describe('a cluster of three workers', () => {
  test('joins, compares, agrees on weights and ends, and each close after that is no loss', async () => {
    const controls = await together(await newCluster(3));
    await Promise.all(controls.map((control) => control.ready(FACTS)));
    for (const step of [10, 20]) await Promise.all(controls.map((control) => control.sameWeights(step, `w${step}`)));
    await Promise.all(controls.map((control) => control.done()));
    const [leader, first, second] = controls;
    leader!.close();
    second!.close();
    expect(await first!.lossWithin(400)).toBeUndefined();
  });

  test('tells rank 0 what all do, and the others what rank 0 does', async () => {
    const [leader, first, second] = await together(await newCluster(3));
    leader!.state('loading the data');
    first!.state('step 1');
    second!.state('\u202estep 2');
    while (leader!.states.includes('') || first!.states[0] === '') await setTimeout(10);
    expect(leader!.states).toEqual(['loading the data', 'step 1', '\\u202estep 2']);
    expect(first!.states).toEqual(['loading the data', 'step 1', '']);
  });

  test('ends with usage (2) for all if a setting differs', async () => {
    const [leader, first, second] = await together(await newCluster(3));
    const other = { ...FACTS, settings: { learningRate: 0.2 } };
    const ready = [leader!.ready(FACTS), first!.ready(FACTS), second!.ready(other)];
    const message =
      'exit 2: worker 2 differs from worker 0 in learningRate (0.2, not 0.1): start all workers with the same command line, data and checkpoint';
    expect(await Promise.all(ready.map(failure))).toEqual([message, message, message]);
  });

  test('ends for all if weights differ', async () => {
    const controls = await together(await newCluster(3));
    const same = controls.map((control, rank) => control.sameWeights(10, rank === 1 ? 'other' : 'one'));
    for (const each of await Promise.all(same.map(failure))) {
      expect(each).toContain('exit 6: the weights of worker 1 after step 10 are not those of worker 0 after step 10');
    }
  });
});

describe('a loss', () => {
  test.each([0, 1])(
    'is told to all with the first 3,900 characters of worker %i that fails, and its exit code',
    async (rank) => {
      const controls = await together(await newCluster(3));
      const [failing] = controls.splice(rank, 1);
      const waiting = controls.map((control) => failure(control.ready(FACTS)));
      failing!.failed(5, `the disk is full${' '.repeat(5_000)}`);
      const message = `exit 9: worker ${rank} was lost: the disk is full${' '.repeat(3_900 - 16)} (exit 5)`;
      expect(await Promise.all(controls.map(lossOf))).toEqual([message, message]);
      expect(await Promise.all(waiting)).toEqual([message, message]);
    },
  );

  test.each([0, 1])('of worker %i without a word is told to all by its address', async (rank) => {
    const controls = await together(await newCluster(3));
    controls.splice(rank, 1)[0]!.close();
    const lost = new RegExp(
      `^exit 9: worker ${rank} \\(127\\.0\\.0\\.1:${rank + 1}\\) was lost: its connection closed`,
    );
    for (const control of controls) expect(await lossOf(control)).toMatch(lost);
  });

  test('has the cause that a worker tells, not that of a worker that only saw it', async () => {
    const [leader, first, second] = await together(await newCluster(3));
    await first!.failed(9, 'a collective failed');
    second!.close();
    expect(await lossOf(leader!)).toContain('worker 2 (127.0.0.1:3) was lost: its connection closed');
  });

  test('is what a worker that only saw one says, if nothing else turns up', async () => {
    const [leader, first] = await together(await newCluster(3));
    await first!.failed(9, 'worker 2 was lost: a collective failed');
    expect(await lossOf(leader!)).toBe('exit 9: worker 2 was lost: a collective failed');
  });
});

describe('the start', () => {
  test('waits for a leader that is late, and shows who is missing', async () => {
    const cluster = await newCluster(3);
    const seen: string[] = [];
    const late = joinAs(cluster, 1, { onWaiting: (missing) => seen.push(missing.join(' ')) });
    await setTimeout(200);
    const leader = joinAs(cluster, 0);
    while (seen.length < 2) await setTimeout(10);
    await Promise.all([late, leader, joinAs(cluster, 2)].map(opened));
    expect(seen).toEqual(['worker 0 (127.0.0.1:1)', 'worker 2 (127.0.0.1:3)']);
  });

  test('ends for all when a worker never comes, and names it, and that one came without the secret (exit 9)', async () => {
    const cluster = await newCluster(3, 0.5);
    const message =
      'exit 9: worker 1 (127.0.0.1:2) did not come within 0.5 s: start all workers, or raise --start-limit';
    const notices: string[] = [];
    const joins = [0, 2].map((rank) => joinAs(cluster, rank, { notice: (text) => notices.push(text) }));
    const stray = failure(joinAs({ ...cluster, secret: undefined }, 1));
    const refused = '; connections without the RESNET_CLUSTER_SECRET that is set here were refused';
    expect(await Promise.all(joins.map(failure))).toEqual([message + refused, message + refused]);
    expect(notices).toEqual(['a connection from 127.0.0.1 gave no RESNET_CLUSTER_SECRET, which is set here: refused']);
    expect(await stray).toContain('within 0.5 s: RESNET_CLUSTER_SECRET is set there and not here');
  });

  test('ends when the leader never comes (exit 9)', async () => {
    const message = await failure(joinAs(await newCluster(2, 0.2), 1));
    expect(message).toMatch(
      /^exit 9: worker 0 \(127.0.0.1:1\), control port \d+, was not reached within 0.2 s \(ECONNREFUSED\)/,
    );
  });

  test.each([0, 1])('is stopped by the signal of worker %i, and the others are told', async (rank) => {
    const cluster = await newCluster(3);
    const abort = new AbortController();
    const seen: number[] = [];
    const onWaiting = (names: readonly string[]) => seen.push(names.length);
    const joins = [0, 1].map((each) =>
      failure(joinAs(cluster, each, each === rank ? { signal: abort.signal } : { onWaiting })),
    );
    while (seen.at(-1) !== 1 || (rank === 0 && seen.length < 2)) await setTimeout(10);
    abort.abort(new Error('Ctrl-C'));
    const told = `exit 9: worker ${rank} was lost: it was stopped while others were waited for`;
    expect(await Promise.all(joins)).toEqual(
      rank === 0 ? ['exit undefined: Ctrl-C', told] : [told, 'exit undefined: Ctrl-C'],
    );
  });

  test('names the control port that another program has (exit 5)', async () => {
    const cluster = await newCluster(2);
    const other = createServer().listen(cluster.controlPort, '127.0.0.1');
    await once(other, 'listening');
    expect(await failure(joinAs(cluster, 0))).toBe(
      `exit 5: port ${cluster.controlPort} is taken by another program: choose another --control-port for all workers`,
    );
    other.close();
  });
});

describe('a worker that is not like the others', () => {
  const versions =
    'exit 2: worker 1 runs version 1.1.0 and worker 0 runs 1.0.0: install the same version on all machines';

  test('of another version ends the start for both (exit 2)', async () => {
    const cluster = await newCluster(2);
    const joins = [joinAs(cluster, 0), joinAs(cluster, 1, { version: '1.1.0' })];
    expect(await Promise.all(joins.map(failure))).toEqual([versions, versions]);
  });

  test('of another count of workers ends the start for both (exit 2)', async () => {
    const cluster = await newCluster(3);
    const other = { ...cluster, addresses: cluster.addresses.slice(0, 2) };
    const message =
      'exit 2: worker 1 was started in a cluster of 2 workers and worker 0 in one of 3: give all the same --cluster or TF_CONFIG';
    expect(await Promise.all([joinAs(cluster, 0), joinAs(other, 1)].map(failure))).toEqual([message, message]);
  });
});
