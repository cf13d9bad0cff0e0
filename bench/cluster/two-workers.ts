/** Two workers of `resnet bench`, started by hand on this machine, that reach each other over links of our own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { RESNET } from '../peers/contenders.ts';
import { Link, type LinkLimits } from './link.ts';
import { TcpProxy } from './proxy.ts';

/** What two workers printed, and what they sent. */
export interface TwoWorkers {
  readonly trainImagesPerSecond: number;
  readonly millisecondsPerStep: { readonly median: number };
  readonly waitingFraction: number;
  /** Bytes that worker 1 sent from its start to its end, as the links counted them; without links 0. */
  readonly sent: number;
}

/**
 * Runs two workers of one thread to their end.
 *
 * @param words of both after `resnet bench`
 * @param limits of each direction between them; undefined: they reach each other without a proxy
 * @throws Error with what they printed if one fails
 */
export async function twoWorkers(words: readonly string[], limits: LinkLimits | undefined): Promise<TwoWorkers> {
  const [port0 = 0, port1 = 0, control = 0] = await freePorts(3);
  const links = { zeroToOne: new Link(limits), oneToZero: new Link(limits) };
  const proxies = await Promise.all(
    limits === undefined
      ? []
      : [
          TcpProxy.open(port0, { forth: links.oneToZero, back: links.zeroToOne }), // to worker 0, so from worker 1
          TcpProxy.open(port1, { forth: links.zeroToOne, back: links.oneToZero }),
        ],
  );
  const [to0 = port0, to1 = port1] = proxies.map(({ port }) => port);
  const clusters = [
    [port0, to1],
    [to0, port1],
  ];
  const workers = clusters.map((ports, rank) => {
    const cluster = ports.map((port) => `127.0.0.1:${port}`).join();
    const place = ['--cluster', cluster, '--rank', String(rank), '--control-port', String(control)];
    return spawn(process.execPath, [RESNET, 'bench', '--mode', 'compiled', ...words, ...place, '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TF_NUM_INTRAOP_THREADS: '1' },
    });
  });
  try {
    const [printed = ''] = await Promise.all(workers.map(outputOf));
    return { ...JSON.parse(printed.trim().split('\n').at(-1) ?? ''), sent: links.oneToZero.bytes };
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    for (const proxy of proxies) proxy.close();
  }
}

/** What a worker prints until its end. */
async function outputOf(worker: ChildProcess, rank: number): Promise<string> {
  const [printed, errors, [code, signal]] = await Promise.all([
    text(worker.stdout!),
    text(worker.stderr!),
    once(worker, 'close'),
  ]);
  if (code === 0) return printed;
  throw new Error(`worker ${rank} ended with ${signal ?? `exit code ${code}`}: ${errors.trim()}`);
}

/** Ports of 127.0.0.1 on which nothing listens now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
