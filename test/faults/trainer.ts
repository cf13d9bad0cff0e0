/** Runs in processes of their own, which a test signals or kills. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { afterAll } from '@jest/globals';
import { BINARY, type Finished } from '../support/resnet.ts';

/** A run in a process of its own. */
interface Trainer {
  readonly pid: number;
  /** Resolves when this is on its standard output; rejects if it ends without. */
  printed(text: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Resolves when it has ended, whatever its exit code. */
  readonly ended: Promise<Finished>;
  /** Kills it by SIGKILL, which it cannot handle. */
  kill(): Promise<Finished>;
}

const started: ChildProcess[] = [];

// An endless run would outlive a test that was given up.
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});

/** Starts `resnet …words`, with these changes to the environment. */
export function launchTrainer(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Trainer {
  return launchProgram([BINARY, ...words], environment);
}

/** Starts any program of Node that trains, with these changes to the environment. */
export function launchProgram(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Trainer {
  const { NODE_OPTIONS: _ofJest, ...env } = process.env;
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const child = spawn(process.execPath, words, { env: { ...env, ...environment }, stdio: [...stdio] });
  started.push(child);
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  }
  const ended = once(child, 'close').then(([code, signal]): Finished => ({ code: code ?? codeOf(signal), ...output }));
  return {
    pid: pidOf(child),
    async printed(text) {
      const failed = ended.then(({ code, stderr }) => {
        if (!output.stdout.includes(text)) throw new Error(`it ended without it: exit ${code}, ${stderr}`);
      });
      while (!output.stdout.includes(text) && child.stdout) await Promise.race([once(child.stdout, 'data'), failed]);
    },
    signal: (name) => child.kill(name),
    ended,
    kill() {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

/** Starts `resnet …words` and waits for its first line, which it prints once the folder is its own. */
export async function startTrainer(words: readonly string[]): Promise<Trainer> {
  const trainer = launchTrainer(words);
  await trainer.printed('\n');
  return trainer;
}

const codeOf = (signal: NodeJS.Signals) => 128 + constants.signals[signal];

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the trainer never started');
  return pid;
}
