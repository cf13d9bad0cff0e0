/** Two processes of `resnet bench` on this machine: apart, or as two workers that reach each other over links of our own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { freePorts } from '../../src/commands/workers/free-ports.ts';
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
    return started([...words, ...place]);
  });
  try {
    const [printed = ''] = await outputsOf(workers);
    return { ...lastOf(printed), sent: links.oneToZero.bytes };
  } finally {
    for (const proxy of proxies) proxy.close();
  }
}

/**
 * Runs two processes of one thread beside each other that exchange nothing.
 *
 * @param words of both after `resnet bench`
 * @returns milliseconds of a step: the mean of both processes' medians
 * @throws Error with what they printed if one fails
 */
export async function twoApart(words: readonly string[]): Promise<number> {
  const printed = await outputsOf([started(words), started(words)]);
  const medians = printed.map((each) => lastOf(each).millisecondsPerStep.median);
  return medians.reduce((sum, each) => sum + each, 0) / medians.length;
}

/** A process of one thread. It gives way to the proxy, which would slow the link down if it had to wait for it. */
function started(words: readonly string[]): ChildProcess {
  const command = [process.execPath, RESNET, 'bench', '--mode', 'compiled', ...words, '--json'];
  return spawn('nice', ['-n', '5', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TF_NUM_INTRAOP_THREADS: '1' },
  });
}

/** The JSON on the last line of what was printed. */
function lastOf(printed: string): Omit<TwoWorkers, 'sent'> {
  return JSON.parse(printed.trim().split('\n').at(-1) ?? '');
}

/** What processes print until their end; if one fails, the others are ended. */
async function outputsOf(processes: readonly ChildProcess[]): Promise<string[]> {
  try {
    return await Promise.all(processes.map(outputOf));
  } finally {
    for (const each of processes) each.kill('SIGKILL');
  }
}

async function outputOf(worker: ChildProcess, index: number): Promise<string> {
  const [printed, errors, [code, signal]] = await Promise.all([
    text(worker.stdout!),
    text(worker.stderr!),
    once(worker, 'close'),
  ]);
  if (code === 0) return printed;
  throw new Error(`process ${index} ended with ${signal ?? `exit code ${code}`}: ${errors.trim()}`);
}
