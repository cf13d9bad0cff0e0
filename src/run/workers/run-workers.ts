/** The workers of a run, as the run sees them: who waits for whom, what all must have alike, and how they end. */
import { setTimeout } from 'node:timers/promises';
import type { Cluster } from '../../cluster/cluster.ts';
import { Control, type WorkerFacts } from '../../cluster/control.ts';
import { type Agreement, type Peers, StopAgreed } from '../../engine/peers/peers.ts';
import { ExitCode, type Notice, UserError } from '../../errors.ts';
import type { ModelState } from '../../model/model.ts';
import { tensorsOf } from '../../model/model-tensors.ts';
import type { Parameter } from '../../net/parameters.ts';
import { toolVersion } from '../../version.ts';
import { isSynchronised, type WorkerSettings } from '../settings/workers.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { WorkerPlace } from './worker-place.ts';

/** The state of a worker that has prepared its run. */
const READY = 'ready';

/** Time between two looks at whether worker 0 is ready. */
const LOOK_MS = 50;

/** Time between two looks at who is waited for. */
const WATCH_INTERVAL_MS = 500;

/** Time in which a worker that has asked all to stop says why. */
const CAUSE_MS = 2000;

/** What the workers of a run tell whoever watches. */
interface Hooks {
  readonly notice: Notice;
  /** Called when it changes with those that are waited for, each in words; none: the wait is over. */
  readonly onWaiting: (waitedFor: readonly string[]) => void;
  /** Ends a wait for others; its reason is thrown then. */
  readonly signal: AbortSignal;
}

/** This process's place in a cluster. */
export function placeIn({ rank, addresses }: Cluster): WorkerPlace {
  const hostOf = (address: string) => address.slice(0, address.lastIndexOf(':'));
  const own = hostOf(addresses[rank] ?? '');
  return { rank, count: addresses.length, here: addresses.filter((address) => hostOf(address) === own).length };
}

/** The workers of a run, this process among them. */
export class RunWorkers {
  readonly place: WorkerPlace;
  readonly #cluster: Cluster;
  readonly #control: Control;
  readonly #hooks: Hooks;

  private constructor(cluster: Cluster, control: Control, hooks: Hooks) {
    this.place = placeIn(cluster);
    this.#cluster = cluster;
    this.#control = control;
    this.#hooks = hooks;
  }

  /**
   * Waits until all workers are there.
   *
   * @throws UserError as `Control.join`; the signal's reason
   */
  static async join(cluster: Cluster, hooks: Hooks): Promise<RunWorkers> {
    const { notice, onWaiting, signal } = hooks;
    if (!process.env.RESNET_BIND_ADDRESS) notice(openPortWarning(cluster));
    const control = await Control.join(cluster, { version: toolVersion(), notice, onWaiting, signal });
    onWaiting([]);
    return new RunWorkers(cluster, control, hooks);
  }

  /** Says what this worker does, in words that follow its name. */
  state(doing: string): void {
    this.#control.state(doing);
  }

  /**
   * Waits until worker 0 is ready, which may still move the files of a run that was killed; on worker 0 it resolves at once.
   *
   * @throws UserError (lost) if a worker is lost; the signal's reason
   */
  async leaderIsReady(): Promise<void> {
    const { signal } = this.#hooks;
    const ended = AbortSignal.any([signal, this.#control.lost]);
    while (this.place.rank > 0 && this.#control.states[0] !== READY) {
      ended.throwIfAborted();
      await setTimeout(LOOK_MS);
    }
  }

  /**
   * Waits until all workers have prepared the same.
   *
   * @throws UserError (usage) naming what differs, (lost) if a worker is lost; the signal's reason
   */
  async ready(facts: WorkerFacts): Promise<void> {
    const { onWaiting, signal } = this.#hooks;
    this.state(READY);
    let shown = '';
    const watch = setInterval(() => {
      const others = this.#control.states.flatMap((state, rank) =>
        rank === this.place.rank || state === '' || state === READY ? [] : [`worker ${rank} (${state})`],
      );
      if (others.join() !== shown) onWaiting(others);
      shown = others.join();
    }, WATCH_INTERVAL_MS);
    try {
      await unlessAborted(signal, this.#control.ready(facts));
    } finally {
      clearInterval(watch);
      if (shown !== '') onWaiting([]);
    }
  }

  /** The workers, for an engine. */
  peers(settings: WorkerSettings & { readonly batchSize: number }): Peers {
    const { reduce = 'float32' } = settings;
    const syncBatchNorm = isSynchronised(settings, this.place.count);
    const { rank, addresses, startLimit } = this.#cluster;
    const { lost } = this.#control;
    return { rank, count: addresses.length, addresses, syncBatchNorm, reduce, lost, startLimit };
  }

  /**
   * Has all workers stop after the same step, once this one should.
   *
   * @param own stops this worker
   * @returns the signal that stops training, on all workers after the same step
   */
  stopTogether(own: AbortSignal, { stopped, requestStop }: Agreement): AbortSignal {
    if (own.aborted) requestStop();
    else own.addEventListener('abort', () => requestStop(), { once: true });
    return stopped;
  }

  /**
   * Waits until all workers have the same weights at a step.
   *
   * @throws UserError (diverged) if they differ, (lost) if a worker is lost
   */
  async sameWeights(step: number, parameters: readonly Parameter[], { values, batchesTracked }: ModelState) {
    this.state(`step ${step}`);
    await this.#control.sameWeights(step, fingerprintOf(tensorsOf(parameters, { values, batchesTracked })));
  }

  /** Waits until all workers are done: none of them needs another any more. */
  async done(): Promise<void> {
    await this.#control.done();
  }

  /**
   * Tells the others that this worker ends, and why.
   *
   * @param error what ended it
   * @param own the signal that stops this worker
   * @returns the error to end with: the signal's reason if this worker was asked to stop, else who was
   */
  async leave(error: unknown, own: AbortSignal): Promise<unknown> {
    const { lost } = this.#control;
    const isOwn = error === own.reason || (error instanceof StopAgreed && own.aborted);
    if (error instanceof StopAgreed && !isOwn) {
      return (await this.#control.lossWithin(CAUSE_MS)) ?? stoppedBy(error);
    }
    if (lost.aborted && !isOwn) return error;
    const reason = isOwn ? own.reason : error;
    const [code, message] =
      reason instanceof UserError ? [reason.code, reason.message] : [ExitCode.bug, firstLine(reason)];
    await this.#control.failed(code, message);
    return reason;
  }

  close(): void {
    this.#control.close();
  }
}

/** TensorFlow's server listens on all interfaces, whatever address it is told, and serves whoever asks. */
function openPortWarning({ rank, addresses }: Cluster): string {
  const port = /\d+$/.exec(addresses[rank] ?? '')?.[0];
  return (
    `warning: TensorFlow listens on port ${port} of all this machine's addresses, and does what anyone tells it who reaches ` +
    'it: let only the workers reach it, by a firewall'
  );
}

function stoppedBy({ ranks }: StopAgreed): UserError {
  const who = ranks.length === 1 ? `worker ${ranks[0]}` : `workers ${ranks.join(', ')}`;
  return new UserError(`${who} was asked to stop, and with it all others`, ExitCode.lost);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}

/** A promise's result, unless the signal is aborted before: then its reason is thrown. */
async function unlessAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  work.catch(() => {}); // it is thrown here, unless the signal was before it
  signal.throwIfAborted();
  let give = () => {};
  const aborted = new Promise<never>((_, reject) => {
    give = () => reject(signal.reason);
    signal.addEventListener('abort', give, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', give);
  }
}
