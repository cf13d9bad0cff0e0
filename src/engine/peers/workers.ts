/** This process among the workers of a run: its server, its part of each batch, what all agree on, and the loss of a peer. */
import { setTimeout } from 'node:timers/promises';
import type { ImageChanges } from '../../dataset/augmentation.ts';
import { ExitCode, UserError } from '../../errors.ts';
import type { HostTensor } from '../../runtime/graph/data-types.ts';
import { startServer } from '../../runtime/graph/server.ts';
import type { SessionPlace } from '../../runtime/graph/session.ts';
import { changesOf, type Part, partOf } from './part.ts';
import { type Agreement, type Peers, StopAgreed } from './peers.ts';
import { reachAll } from './reach.ts';

/** Time in which a peer that ends says why: its end reaches TensorFlow first. */
const CAUSE_MS = 3000;

/** What TensorFlow says of a peer that is gone. It names nodes too, so the bare word "Collective" says nothing. */
const GONE = /Collective ops is aborted|remote target|Socket closed|Connection (?:reset|refused)|failed to connect/i;

/** A worker's part of a batch. */
export interface CutBatch {
  readonly part: Part;
  readonly indices: Int32Array;
  readonly changes: ImageChanges | undefined;
}

/** This process among the workers. */
export class Workers {
  readonly peers: Peers;
  /** Where its session runs. */
  readonly place: SessionPlace;
  readonly #stopped = new AbortController();
  #stop = false;
  #isAlarmed = false;
  #reached: Promise<void> | undefined;

  /** Starts the server. */
  constructor(peers: Peers) {
    this.peers = peers;
    this.place = startServer(peers.addresses, peers.rank);
  }

  /** @param decide runs the recorded function that takes worker 0's answer */
  agreement(decide: Agreement['decide']): Agreement {
    const isAlarmed = () => this.#isAlarmed;
    return {
      requestStop: () => {
        this.#stop = true;
      },
      stopped: this.#stopped.signal,
      get isAlarmed() {
        return isAlarmed();
      },
      decide,
    };
  }

  cut(indices: Int32Array, changes?: ImageChanges): CutBatch {
    const part = partOf(indices.length, this.peers);
    return { part, indices: indices.subarray(part.begin, part.end), changes: changesOf(changes, part) };
  }

  /** The request to stop, as every run that all take is fed it. */
  stopFeed(): Record<'stop', HostTensor> {
    return { stop: { dtype: 'float32', shape: [], data: Float32Array.of(this.#stop ? 1 : 0) } };
  }

  /** Takes note of the workers' requests, which a run that all took has returned. */
  heard(stops: HostTensor | undefined): void {
    const ranks = [...((stops?.data ?? []) as Float32Array)].flatMap((asked, rank) => (asked > 0 ? [rank] : []));
    if (ranks.length > 0) this.#stopped.abort(new StopAgreed(ranks));
  }

  /** Takes note of the workers whose loss is not finite, which a step has returned. */
  alarm(nonFinite: HostTensor | undefined): void {
    this.#isAlarmed = [...((nonFinite?.data ?? []) as Float32Array)].some((fault) => fault > 0);
  }

  /**
   * Takes a run that waits for the peers.
   *
   * @throws UserError (lost) with the cause when one is gone: `Peers.lost`'s reason, or else what TensorFlow says. The run
   *   itself may never end
   */
  async joined<Result>(run: () => Promise<Result>): Promise<Result> {
    const { lost } = this.peers;
    this.#reached ??= reachAll(this.peers);
    await this.#reached;
    lost.throwIfAborted();
    try {
      return await untilAborted(lost, run());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!lost.aborted && saysGone(message)) await setTimeout(CAUSE_MS, undefined, { signal: lost }).catch(() => {});
      lost.throwIfAborted();
      if (!saysGone(message)) throw error;
      const rank = /\/task:(\d+)/.exec(/remote target \S+/.exec(message)?.[0] ?? message)?.[1];
      const who = rank === undefined ? 'a worker' : `worker ${rank} (${this.peers.addresses[Number(rank)]})`;
      throw new UserError(`${who} was lost: its connection to worker ${this.peers.rank} closed`, ExitCode.lost, {
        cause: error,
      });
    }
  }
}

/** Whether a message of TensorFlow's says that a peer is gone, not that this worker has failed. */
export function saysGone(message: string): boolean {
  return GONE.test(message);
}

/** A promise's result, unless the signal is aborted before: then its reason is thrown. */
function untilAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const give = () => reject(signal.reason);
    signal.addEventListener('abort', give, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
  });
}
