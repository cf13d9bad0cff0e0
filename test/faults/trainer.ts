import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll } from '@jest/globals';
import { BINARY } from '../support/resnet.ts';

/** A run in a process of its own, which has begun to train. */
export interface Trainer {
  readonly pid: number;
  /** SIGKILL, which it can do nothing about. */
  kill(): Promise<void>;
}

const started: ChildProcess[] = [];

// An endless run would outlive a test that was given up.
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});

/** Starts `resnet …words` and waits until it prints its first line, which it does once the folder is its own. */
export async function startTrainer(words: readonly string[]): Promise<Trainer> {
  const { NODE_OPTIONS: _ofJest, ...env } = process.env;
  const child = spawn(process.execPath, [BINARY, ...words], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  const ended = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(([code]) => Promise.reject(new Error(`the trainer ended at once: exit ${code}`))),
  ]);
  child.stdout.resume();
  return { pid: pidOf(child), kill: () => killed(child, ended) };
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the trainer never started');
  return pid;
}

async function killed(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}
