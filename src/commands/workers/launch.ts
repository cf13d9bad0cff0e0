/** `resnet train --workers N`: starts N workers on this machine, passes signals on, and leaves none behind. */
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { needsValue } from '../../flags/flag.ts';
import { TRAIN_FLAGS } from '../../flags/train-flags.ts';
import { printable } from '../../printable.ts';
import { leaveClosedTerminal, SIGNALS } from '../signals.ts';
import { codeOf, faultLines } from './faults.ts';
import { freePorts } from './free-ports.ts';
import { gpusFor, workerEnvironment } from './worker-environment.ts';
import { type End, WorkerProcess } from './worker-process.ts';

/** Time in which workers end by themselves after the first has ended: all, worker 0 that saves, and all that stop. */
const GRACE_MS = { others: 2000, writer: 5000, stopping: 60_000 };

/** Time between SIGTERM and SIGKILL. */
const KILL_MS = 2000;

/** Time in which the same signal is one: `timeout` sends its signal to the process, and at once to its whole group. */
const ECHO_MS = 250;

/** Time between two looks at processes that should end. */
const LOOK_MS = 50;

/**
 * Starts the workers of a run and waits for their end. The exit code is that of the worker at fault.
 *
 * @param words the words of this command line after `resnet`
 * @param device the value of --device, if it is given
 * @throws UserError (usage) if there are fewer GPUs than workers
 */
export async function launchWorkers(count: number, words: readonly string[], device: unknown): Promise<void> {
  const gpus = gpusFor(count, device, process.env);
  const [controlPort, ...ports] = await freePorts(count + 1);
  const cluster = ports.map((port) => `127.0.0.1:${port}`).join(',');
  const secret = randomBytes(32).toString('hex');
  const shared = withoutWorkers(words);
  const presses: NodeJS.Signals[] = [];
  const workers: WorkerProcess[] = [];
  let pressedAt = Number.NEGATIVE_INFINITY;
  const press = (name: NodeJS.Signals) => {
    const isEcho = presses.at(-1) === name && performance.now() - pressedAt < ECHO_MS;
    if (isEcho) return;
    pressedAt = performance.now();
    presses.push(name);
    for (const worker of workers) worker.press({ press: name, again: presses.length > 1 });
  };
  const killAll = () => {
    for (const worker of workers) worker.endBy('SIGKILL');
  };
  for (const name of SIGNALS) process.on(name, press);
  process.on('exit', killAll);
  try {
    for (let rank = 0; rank < count; rank++) {
      const place = ['--cluster', cluster, '--rank', String(rank), '--control-port', String(controlPort)];
      const env = workerEnvironment(process.env, { rank, count, secret, gpus });
      workers.push(new WorkerProcess(rank, [...shared, ...place], env));
    }
    const ends = await allEnded(workers, () => presses.length > 0);
    if (presses.length < 2) {
      for (const line of faultLines(ends, workers)) process.stderr.write(`${printable(line)}\n`);
    }
    process.exitCode = codeOf(ends, presses);
  } finally {
    killAll();
    process.off('exit', killAll);
    for (const name of SIGNALS) process.off(name, press);
  }
  leaveClosedTerminal(Number(process.exitCode));
}

/**
 * Waits for the first worker to end, and has all others end too.
 *
 * @param isStopping whether the user has asked all to stop
 * @returns how they ended, in that order
 */
async function allEnded(workers: readonly WorkerProcess[], isStopping: () => boolean): Promise<readonly End[]> {
  const ends: End[] = [];
  const all = Promise.all(workers.map((worker) => worker.ended.then((end) => ends.push(end))));
  const isOver = () => workers.every((worker) => worker.isOver);
  await Promise.race(workers.map((worker) => worker.ended));
  const began = performance.now();
  for (let last = 0; !isOver(); last = performance.now() - began) {
    const stops = isStopping() || ends.some(({ code, signal }) => code > 128 && signal === undefined);
    for (const worker of workers) {
      const grace = stops ? GRACE_MS.stopping : worker.rank === 0 ? GRACE_MS.writer : GRACE_MS.others;
      if (worker.isOver) continue;
      if (worker.standsStill || last > grace + KILL_MS) worker.endBy('SIGKILL');
      else if (last > grace && !worker.wasEnded) worker.endBy('SIGTERM');
    }
    await Promise.race([all, setTimeout(LOOK_MS)]);
  }
  await all;
  return ends;
}

/** The words of a command line without `--workers` and its value. */
export function withoutWorkers(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word.startsWith('--workers=')) continue;
    if (word === '--workers') index++;
    else {
      kept.push(word);
      const flag = word.startsWith('--') ? TRAIN_FLAGS[word.slice(2)] : undefined;
      const value = words[index + 1];
      if (flag && needsValue(flag) && value !== undefined) kept.push(words[++index]!);
    }
  }
  return kept;
}
