/** Runs that several workers train together, in processes of their own, and what must be gone after them. */
import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { freePorts } from '../../src/commands/workers/free-ports.ts';
import { withFlags } from '../support/flags.ts';
import { CALLED, type Finished, resnet } from '../support/resnet.ts';
import { launchTrainer } from './trainer.ts';

/** The command line of a tiny run of 24 steps in 12 epochs, saved after every step. */
export const SHARED_RUN = [
  'train',
  ...['--recipe', 'lesson', '--width', '4', '--batch-size', '16', '--epochs', '12'],
  ...['--limit-train', '32', '--limit-val', '16', '--save-interval', '1', '--log-interval', '1'],
];

/** Most seconds from a fault to the end of all workers: 10 are promised, and a machine that runs other tests may be late. */
export const MOST_SECONDS = 15;

/** A launcher and its two workers. */
export interface SharedRun {
  readonly launcher: ReturnType<typeof launchTrainer>;
  /** Process ids of the workers by rank. */
  readonly pids: readonly number[];
}

/** Starts a run of two workers, and waits until it has saved its third step. */
export async function startShared(folder: string, words: readonly string[] = SHARED_RUN): Promise<SharedRun> {
  const launcher = launchTrainer([...words, '--workers', '2', '--json', '--checkpoint-dir', folder]);
  await launcher.printed('"event":"saved","step":3,');
  return { launcher, pids: workersOf(folder).map(({ pid }) => pid) };
}

/** Process ids and command lines of the workers of a folder's run, by rank. */
function workersOf(folder: string): { readonly pid: number; readonly words: readonly string[] }[] {
  const found = readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      const rank = words[words.indexOf('--rank') + 1];
      return words.includes(folder) && words.includes('--rank')
        ? [{ pid: Number(name), words, rank: Number(rank) }]
        : [];
    } catch {
      return []; // it has just ended
    }
  });
  return found.toSorted((one, other) => one.rank - other.rank);
}

/** How a run ended after its fault. */
export interface Faulted extends Finished {
  /** From the fault to the launcher's end. */
  readonly seconds: number;
}

/**
 * Makes a fault happen in a run of two workers.
 *
 * @param fault makes it happen; resolves with what the run's end is waited for by
 * @returns the launcher's end, after which no process and no port of the run may be left
 */
export async function faulted(
  folder: string,
  fault: (run: SharedRun) => void,
  words?: readonly string[],
): Promise<Faulted> {
  const run = await startShared(folder, words);
  expect(run.pids).toHaveLength(2);
  const ports = portsOf(folder);
  const began = performance.now();
  fault(run);
  const end = await run.launcher.ended;
  // A launcher that was killed leaves workers that end a moment after it.
  await until(() => workersOf(folder).length === 0 || performance.now() - began > MOST_SECONDS * 1000);
  const seconds = (performance.now() - began) / 1000;
  expect(workersOf(folder)).toEqual([]);
  expect(await Promise.all(ports.map(isTaken))).toEqual(ports.map(() => false));
  return { ...end, seconds };
}

/** The ports of a folder's run: one for each worker, and that of the control connection. */
export function portsOf(folder: string): number[] {
  return [...new Set(workersOf(folder).flatMap(({ words }) => portsIn(words)))];
}

/** The ports that a worker's command line names. */
function portsIn(words: readonly string[]): number[] {
  const value = (flag: string) => words[words.indexOf(flag) + 1] ?? '';
  return [
    ...value('--cluster')
      .split(',')
      .map((address) => address.split(':')[1]),
    value('--control-port'),
  ].map(Number);
}

/** Whether something listens on a port of 127.0.0.1. */
export function isTaken(port: number): Promise<boolean> {
  return canConnect('127.0.0.1', port);
}

/** Whether an address takes a connection. */
export function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    const answer = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}

/** The words of the command that a run's last line says resumes it. */
export function printedResume(stderr: string): string[] {
  const [, called, words = ''] = /; resume with: (.+) (train --resume \S+ --workers 2)\n/.exec(stderr) ?? [];
  expect(called).toBe(CALLED);
  return words.split(' ');
}

/**
 * Resumes a run by the command that it printed, to its end.
 *
 * @param notices what it says on standard error; default: nothing
 */
export async function resumePrinted(stderr: string, notices = /^$/): Promise<void> {
  const resumed = await resnet(printedResume(stderr));
  expect(resumed.stderr).toMatch(notices);
  expect(resumed.code).toBe(0);
}

/** What a fault's row says. */
export function seenOf({ code, seconds, stderr }: Faulted): string {
  return `exit ${code} after ${seconds.toFixed(1)} s: ${stderr.trim()}`;
}

/** The addresses of two workers that are started one by one, and the port of their control connection. */
export interface Places {
  readonly addresses: readonly [string, string];
  readonly control: number;
}

export async function twoPlaces(): Promise<Places> {
  const [one, other, control] = await freePorts(3);
  return { addresses: [`127.0.0.1:${one}`, `127.0.0.1:${other}`], control: control! };
}

/** Starts one worker as on a machine of its own. */
export function startWorker(
  rank: number,
  { addresses, control }: Places,
  folder: string,
  changes: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
) {
  const place = ['--cluster', addresses.join(','), '--rank', String(rank), '--control-port', String(control)];
  const words = withFlags(SHARED_RUN, ...changes);
  return launchTrainer([...words, ...place, '--checkpoint-dir', folder], environment);
}

/**
 * A port that passes connections on to another, once something listens there, and until it is cut: then nothing passes any
 * more, and nothing is closed.
 */
export class Cable {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Socket[] = [];
  #isCut = false;
  #isClosed = false;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async to(target: number): Promise<Cable> {
    const [port = 0] = await freePorts(1);
    const cable = new Cable(createServer(), port);
    cable.#server.on('connection', (near) => {
      const far = connect(target, '127.0.0.1');
      cable.#sockets.push(near, far);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        from.on('error', () => {}).on('data', (bytes) => cable.#isCut || to.write(bytes));
        from.on('close', () => cable.#isCut || to.destroy());
      }
    });
    void until(() => cable.#isClosed || isTaken(target)).then(() => {
      if (!cable.#isClosed) cable.#server.listen(port, '127.0.0.1');
    });
    return cable;
  }

  cut(): void {
    this.#isCut = true;
  }

  close(): void {
    this.#isClosed = true;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Waits until something is so. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await setTimeout(50);
}
