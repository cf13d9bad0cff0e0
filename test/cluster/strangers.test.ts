/** What is no worker on the control port, and what is no leader: neither harms the workers. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { workerProof } from '../../src/cluster/proof.ts';
import { mutated } from '../support/mutations.ts';
import { failure, joinAs, lossOf, newCluster } from './workers.ts';

const HELLO = { rank: 1, world: 2, version: '1.0.0', nonce: '0'.repeat(32) };

/** Waits until somebody listens on a cluster's control port. */
async function listening({ controlPort }: Cluster): Promise<void> {
  while (!(await accepts(controlPort))) await setTimeout(10);
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const event = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return event;
}

/** A connection that has the leader's nonce, with its lines. */
async function stranger(port: number): Promise<{ socket: Socket; challenge: string; lines: AsyncIterator<string> }> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const lines = createInterface(socket)[Symbol.asyncIterator]();
  const { nonce } = JSON.parse((await lines.next()).value);
  return { socket, challenge: nonce, lines };
}

/** The hello of worker 1. */
function helloOf({ secret }: Cluster, challenge: string): string {
  return JSON.stringify({ type: 'hello', ...HELLO, proof: workerProof(secret, challenge, HELLO) });
}

test('is closed when it says what is no hello, or nothing, and the worker still joins', async () => {
  const cluster = await newCluster(2);
  const leader = joinAs(cluster, 0);
  await listening(cluster);
  const silent = await stranger(cluster.controlPort);
  const closed = once(silent.socket, 'close');
  const lines = fc.oneof(
    mutated(Buffer.from(helloOf(cluster, '1'.repeat(32))), [{ at: 0, encode: () => Buffer.alloc(0) }]),
    fc.constantFrom(
      'GET / HTTP/1.1\r\n',
      '{"type":"done"}',
      '{"type":"failed","message":"no","code":5}',
      'x'.repeat(5_000),
    ),
  );
  await fc.assert(
    fc.asyncProperty(lines, async (line) => {
      const { socket } = await stranger(cluster.controlPort);
      socket.end(Buffer.concat([Buffer.from(line), Buffer.from('\n')]));
      await once(socket, 'close');
    }),
    { numRuns: 50 },
  );
  await closed; // after `strangerMs`
  const controls = await Promise.all([leader, joinAs(cluster, 1)]);
  await Promise.all(controls.map((control) => control.done()));
  for (const control of controls) control.close();
});

test('is one of 256 at most at the same time, and the worker joins when they are dropped', async () => {
  const cluster = await newCluster(2);
  const leader = joinAs(cluster, 0);
  await listening(cluster);
  const sockets = Array.from({ length: 300 }, () => connect(cluster.controlPort, '127.0.0.1').on('error', () => {}));
  const greeted = await Promise.all(
    sockets.map((socket) => Promise.race([once(socket, 'data'), once(socket, 'close')])),
  );
  expect(greeted.filter(([first]) => Buffer.isBuffer(first)).length).toBeLessThanOrEqual(256);
  const controls = await Promise.all([leader, joinAs(cluster, 1)]);
  for (const control of controls) control.close();
  for (const socket of sockets) socket.destroy();
});

test('cannot use the proof of another connection', async () => {
  const cluster = await newCluster(2);
  const abort = new AbortController();
  const leader = failure(joinAs(cluster, 0, { signal: abort.signal }));
  await listening(cluster);
  const [first, second] = [await stranger(cluster.controlPort), await stranger(cluster.controlPort)];
  second.socket.write(`${helloOf(cluster, first.challenge)}\n`);
  expect(JSON.parse((await second.lines.next()).value)).toMatchObject({ type: 'refused', why: 'stranger' });
  first.socket.write(`${helloOf(cluster, first.challenge)}\n`);
  expect(JSON.parse((await first.lines.next()).value)).toMatchObject({ type: 'welcome' });
  abort.abort();
  await leader;
  first.socket.destroy();
});

test('is lost to the others if it is a worker that sends what is no message', async () => {
  const cluster = await newCluster(3);
  const joins = [joinAs(cluster, 0), joinAs(cluster, 2)];
  await listening(cluster);
  const { socket, challenge } = await stranger(cluster.controlPort);
  const hello = { ...HELLO, world: 3 };
  socket.write(
    `${JSON.stringify({ type: 'hello', ...hello, proof: workerProof(cluster.secret, challenge, hello) })}\n`,
  );
  const controls = await Promise.all(joins);
  socket.write('{"type":"beat"}\n');
  for (const control of controls) {
    expect(await lossOf(control)).toBe('exit 9: worker 1 (127.0.0.1:2) was lost: it sent what is no message');
    control.close();
  }
});

test('is no leader to a worker, which says so and waits for its own', async () => {
  const cluster = await newCluster(2, 0.5);
  const answers = ['SSH-2.0-OpenSSH\n', '{"type":"welcome","proof":"'.concat('0'.repeat(64), '"}\n')];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write(answers.shift() ?? '{"type":"end","code":0,"message":"gone"}\n');
  }).listen(cluster.controlPort, '127.0.0.1');
  const notices: string[] = [];
  const message = await failure(joinAs(cluster, 1, { notice: (text) => notices.push(text) }));
  server.close();
  const place = `127.0.0.1:${cluster.controlPort} is no leader of this cluster`;
  expect(notices).toEqual([
    `${place}: it sent what is no message; trying again`,
    `${place}: it did not answer as a leader; trying again`,
  ]);
  expect(message).toContain('exit 9: worker 0 (127.0.0.1:1), control port');
});
