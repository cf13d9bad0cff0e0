/** One worker as a process of the launcher. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { ownScript } from '../../called-as.ts';
import type { Press } from './launched.ts';

/** How a worker has ended. */
export interface End {
  readonly rank: number;
  /** Its exit code, 128 + n if signal n ended it. */
  readonly code: number;
  /** The signal that ended it; undefined if it ended by itself. */
  readonly signal: NodeJS.Signals | undefined;
  /** Whether the launcher had it end. */
  readonly wasEnded: boolean;
}

/** A worker that was started. */
export class WorkerProcess {
  readonly rank: number;
  /** Resolves when the process is gone and its output is read. */
  readonly ended: Promise<End>;
  readonly #child: ChildProcess;
  #isOver = false;
  #wasEnded = false;
  #errors = '';
  #kept: string | undefined;

  /**
   * Starts a worker: this command again. Worker 0 has the launcher's own input and output.
   *
   * @param words its command line, after the program's name
   */
  constructor(rank: number, words: readonly string[], env: NodeJS.ProcessEnv) {
    this.rank = rank;
    const child = spawn(process.execPath, [...process.execArgv, ownScript(), ...words], {
      argv0: process.argv0,
      env,
      stdio: rank === 0 ? ['inherit', 'inherit', 'inherit', 'ipc'] : ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = `${this.#errors}${text}`.slice(-MOST_CHARACTERS);
    });
    child.on('message', (message: unknown) => {
      const { kept } = (message ?? {}) as { readonly kept?: unknown };
      if (typeof kept === 'string') this.#kept = kept;
    });
    this.ended = this.#end();
  }

  async #end(): Promise<End> {
    const [code, signal] = (await once(this.#child, 'close')) as [number | null, NodeJS.Signals | null];
    this.#isOver = true;
    const ended = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
    return { rank: this.rank, code: ended, signal: signal ?? undefined, wasEnded: this.#wasEnded };
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The last line that it wrote to standard error; worker 0 writes its own. */
  get lastLine(): string | undefined {
    return this.#errors
      .trimEnd()
      .split('\n')
      .at(-1)
      ?.replace(/^resnet: /, '');
  }

  /** What worker 0 has kept of the run, in words. */
  get kept(): string | undefined {
    return this.#kept;
  }

  /** Whether the launcher has had it end. */
  get wasEnded(): boolean {
    return this.#wasEnded;
  }

  /** Passes a signal on. */
  press(press: Press): void {
    if (this.#child.connected) this.#child.send(press, () => {}); // one that has just ended is no fault
  }

  /** Has the process end by a signal. */
  endBy(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.#isOver) return;
    this.#wasEnded = true;
    this.#child.kill(signal);
  }

  /** Whether the process stands still, by SIGSTOP or in a debugger; false where the system does not tell. */
  get standsStill(): boolean {
    try {
      const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8');
      return /^[Tt]/.test(stat.slice(stat.lastIndexOf(')') + 2));
    } catch {
      return false;
    }
  }
}

/** Characters of a worker's errors that are kept. */
const MOST_CHARACTERS = 4096;
