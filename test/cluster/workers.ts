/** Control connections of several workers of one cluster in a test's process, each with its own thread. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach } from '@jest/globals';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { Control, type JoinOptions, type WorkerFacts } from '../../src/cluster/control.ts';

/** Times that are short enough for tests, and long enough for a machine that does something else. */
export const QUICK = { beatMs: 100, silenceMs: 10_000, retryMs: 20, strangerMs: 400, verdictMs: 200, flushMs: 500 };

/** Times with which a silence is found soon. */
export const SOON_SILENT = { ...QUICK, silenceMs: 1_000 };

/** A port of this machine that nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A cluster of this machine, as its leader has it. The workers' own ports are names only: nobody listens there. */
export async function newCluster(world: number, startLimit = 30, host = '127.0.0.1'): Promise<Cluster> {
  const addresses = Array.from({ length: world }, (_, rank) => `${host}:${rank + 1}`);
  return { rank: 0, addresses, controlPort: await freePort(), startLimit, secret: 'a secret' };
}

/** Joins as one worker; the test gives what matters to it. */
export function joinAs(cluster: Cluster, rank: number, options: Partial<JoinOptions> = {}): Promise<Control> {
  const signal = new AbortController().signal;
  const unheard = { notice: () => {}, onWaiting: () => {} };
  return Control.join({ ...cluster, rank }, { version: '1.0.0', ...unheard, signal, timing: QUICK, ...options });
}

/** Joins workers, and closes them after each test. */
export function openWorkers() {
  const open: Control[] = [];
  afterEach(() => {
    for (const control of open.splice(0)) control.close();
  });
  const opened = async (join: Promise<Control>) => {
    const control = await join;
    open.push(control);
    return control;
  };
  /** All workers of a cluster, by rank. */
  const together = (cluster: Cluster, options: Partial<JoinOptions> = {}) =>
    Promise.all(cluster.addresses.map((_, rank) => opened(joinAs(cluster, rank, options))));
  return { together, opened };
}

/** The error that a promise is rejected with, as the command line shows it: `exit 9: …`. */
export async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    const { code, message } = error as { code?: number; message: string };
    return `exit ${code}: ${message}`;
  }
  return 'no error';
}

/** How a worker is told of a loss. */
export async function lossOf(control: Control): Promise<string> {
  const reason = await control.lossWithin(10_000);
  return failure(Promise.reject(reason));
}

export const FACTS: WorkerFacts = { settings: { learningRate: 0.1 }, data: 'd1', graph: 'g1', start: 's1' };

/** A worker in a process of its own, from the compiled sources. */
export function workerProcess(cluster: Cluster, rank: number, afterwards = 'setInterval(() => {}, 1e6);') {
  const options: Pick<JoinOptions, 'version' | 'timing'> = {
    version: '1.0.0',
    timing: QUICK,
  };
  const script = `
    import { Control } from ${JSON.stringify(new URL('../../dist/src/cluster/control.js', import.meta.url).href)};
    const control = await Control.join(${JSON.stringify({ ...cluster, rank })}, {
      ...${JSON.stringify(options)}, notice() {}, onWaiting() {}, signal: new AbortController().signal });
    console.log('joined');
    ${afterwards}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, joined: once(child.stdout, 'data') };
}
