/** The control connection between the workers of a run, as the main thread sees it. Its sockets are on another thread. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { UserError } from '../errors.ts';
import { packageFolder } from '../package-folder.ts';
import type { Cluster } from './cluster.ts';
import { MAX_FAILURE, MAX_STATE, type WorkerFacts } from './messages.ts';
import { type Command, type Event, type ThreadSetUp, workerName } from './thread-messages.ts';
import { TIMING, type Timing, within } from './timing.ts';
import { Waiters } from './waiters.ts';

export type { WorkerFacts } from './messages.ts';

/** What a worker is doing, for the others' screens: `loading the data`, `step 120`. The first 200 characters are kept. */
export type WorkerState = string;

/** How a worker joins the others. */
export interface JoinOptions {
  /** This tool's version, which all workers must have. */
  readonly version: string;
  /** Tells the user something that is no error. */
  readonly notice: (message: string) => void;
  /** Called with the workers that are waited for, as `worker 1 (host:port)`, each time that others are. */
  readonly onWaiting: (missing: readonly string[]) => void;
  /** Stops the waiting; the others are told. */
  readonly signal: AbortSignal;
  /** Shorter times, for tests. Default: `TIMING`. */
  readonly timing?: Partial<Timing>;
}

/** How much longer than `flushMs` an answer of the thread may take (ms). */
const SLACK_MS = 500;

/** The compiled thread: a thread is started from a file, and Node cannot read TypeScript everywhere. */
function threadFile(): string {
  return join(packageFolder(), 'dist', 'src', 'cluster', 'control-thread.js');
}

/** The control connection of one worker. It must be closed. */
export class Control {
  readonly #cluster: Cluster;
  readonly #thread: Worker;
  readonly #timing: Timing;
  readonly #lost = new AbortController();
  readonly #states: WorkerState[];
  /** Who waits for which event of the thread. Only meanwhile the thread keeps the process alive. */
  readonly #waiters = new Waiters((anyoneWaits) => (anyoneWaits ? this.#thread.ref() : this.#thread.unref()));
  #isClosed = false;

  private constructor(cluster: Cluster, options: JoinOptions) {
    this.#cluster = cluster;
    this.#timing = { ...TIMING, ...options.timing };
    this.#states = cluster.addresses.map(() => '');
    const { rank, addresses, controlPort, startLimit, secret } = cluster;
    const { version } = options;
    const timing = this.#timing;
    const workerData: ThreadSetUp = { rank, addresses, controlPort, startLimit, secret, version, timing };
    // Without Node's options of this process: some of them, as --input-type, are none for a file.
    this.#thread = new Worker(threadFile(), { workerData, execArgv: [] });
    this.#thread.unref();
    this.#thread.on('message', (event: Event) => this.#take(event, options));
    this.#thread.on('error', (error) => this.#end(error));
  }

  /**
   * Joins the other workers. Rank 0 listens, the others reach it, again and again until `startLimit`.
   *
   * @returns when all have come, with the cluster's secret, the same version and count of workers
   * @throws UserError (usage) if version or count differ, for rank 0 and that worker; (io) if rank 0 cannot have the
   *   control port; (lost) if workers did not come in time, or if one fails; `signal.reason` after an abort
   */
  static async join(cluster: Cluster, options: JoinOptions): Promise<Control> {
    options.signal.throwIfAborted();
    const control = new Control(cluster, options);
    let abort: (() => void) | undefined;
    try {
      const stopped = new Promise<never>((_, reject) => {
        abort = () => reject(options.signal.reason);
        options.signal.addEventListener('abort', abort);
      });
      await Promise.race([control.#waiters.wait('joined'), stopped]);
      return control;
    } catch (error) {
      if (options.signal.aborted) await control.#fail('it was stopped while others were waited for', undefined);
      control.close();
      throw error;
    } finally {
      if (abort) options.signal.removeEventListener('abort', abort);
    }
  }

  /** Aborted with an error as soon as another worker fails, leaves or is silent: a UserError that names it and why. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** States by rank, empty where not known: for rank 0 those of all workers, for others rank 0's and their own. */
  get states(): readonly WorkerState[] {
    return this.#states;
  }

  /** Says what this worker is doing; the others hear it with the next heartbeat. */
  state(mine: WorkerState): void {
    this.#states[this.#cluster.rank] = mine;
    this.#send({ type: 'state', state: mine.slice(0, MAX_STATE) });
  }

  /**
   * Says that this worker could train now. Resolves when all can.
   *
   * @throws UserError (usage) for all workers if facts differ: it names what; (lost) if a worker is lost
   */
  ready(facts: WorkerFacts): Promise<void> {
    const asJson: WorkerFacts = JSON.parse(JSON.stringify(facts));
    return this.#ask({ type: 'facts', facts: asJson }, 'go');
  }

  /**
   * Says which weights this worker has. Resolves when all have said it, and have the same.
   *
   * @param step number of steps taken
   * @throws UserError (diverged) for all workers if they differ; (lost) if a worker is lost
   */
  sameWeights(step: number, hash: string): Promise<void> {
    return this.#ask({ type: 'weights', step, hash }, `same ${step}`);
  }

  /**
   * Tells the others that this worker fails, and why. Resolves when that has left, after about 1 s at most. An error that
   * is `lost`'s own is no cause, and need not be told.
   *
   * @param code this worker's exit code
   */
  failed(code: number, message: string): Promise<void> {
    return this.#fail(message, code);
  }

  /**
   * Says that this worker has taken its last step. Resolves when all have; from then on no loss is reported.
   *
   * @throws UserError (lost) if a worker is lost before
   */
  done(): Promise<void> {
    return this.#ask({ type: 'done' }, 'done');
  }

  /**
   * The loss, if one gets known in time: a collective's error says less about what happened, and may come first.
   *
   * @param milliseconds how long to wait
   */
  async lossWithin(milliseconds: number): Promise<unknown> {
    if (!this.lost.aborted && !this.#isClosed) {
      let lost = () => {};
      const known = new Promise<void>((resolve) => {
        lost = resolve;
      });
      this.lost.addEventListener('abort', lost);
      await within(milliseconds, [known]);
      this.lost.removeEventListener('abort', lost);
    }
    return this.lost.reason;
  }

  /** Closes the connection. To the others this worker is lost, unless all were done. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#send({ type: 'close' });
    this.#waiters.rejectAll(new Error('the control connection was closed'));
  }

  #take(event: Event, { notice, onWaiting }: JoinOptions): void {
    if (this.#isClosed) return; // it was under way
    switch (event.type) {
      case 'missing':
        if (event.ranks.length > 0) {
          onWaiting(event.ranks.map((rank) => workerName(rank, this.#cluster.addresses)));
        }
        break;
      case 'quiet':
        if (!this.#isClosed) onWaiting(event.ranks.map((rank) => workerName(rank, this.#cluster.addresses)));
        break;
      case 'notice':
        notice(event.message);
        break;
      case 'state':
        this.#states[event.rank] = event.state;
        break;
      case 'same':
        this.#waiters.resolve(`same ${event.step}`);
        break;
      case 'end':
        this.#end(new UserError(event.message, event.code));
        break;
      default:
        this.#waiters.resolve(event.type);
    }
  }

  /** The first error is the cause. */
  #end(error: unknown): void {
    if (this.#isClosed) return;
    this.#lost.abort(error);
    this.#waiters.rejectAll(this.lost.reason);
  }

  async #fail(message: string, code: number | undefined): Promise<void> {
    if (this.#isClosed) return;
    const sent = this.#waiters.wait('sent').catch(() => {}); // the others are ending already
    this.#send({ type: 'failed', message: message.slice(0, MAX_FAILURE), code });
    await within(this.#timing.flushMs + SLACK_MS, [sent]);
  }

  #send(command: Command): void {
    this.#thread.postMessage(command);
  }

  async #ask(command: Command, answer: string): Promise<void> {
    this.lost.throwIfAborted();
    if (this.#isClosed) throw new Error('the control connection is closed');
    const answered = this.#waiters.wait(answer);
    this.#send(command);
    await answered;
  }
}
