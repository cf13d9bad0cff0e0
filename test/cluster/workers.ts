/** Control connections of several workers of one cluster in a test's process, each with its own thread. */
import { once } from 'node:events';
import { createServer } from 'node:net';
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

/** All workers of a cluster, by rank. */
export function joinAll(cluster: Cluster, options: Partial<JoinOptions> = {}): Promise<Control[]> {
  return Promise.all(cluster.addresses.map((_, rank) => joinAs(cluster, rank, options)));
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
