/** The gate of the leader: lets in connections that show that they are workers of this cluster. */
import type { Socket } from 'node:net';
import { LineSocket } from './line-socket.ts';
import { type LeaderMessage, MAX_LINE, type Refusal, type WorkerMessage, workerMessage } from './messages.ts';
import { isSameProof, leaderProof, newNonce, workerProof } from './proof.ts';
import type { ThreadSetUp } from './thread-messages.ts';
import { type Fault, TurnedAway } from './turned-away.ts';

/** How many connections may be open that have not shown yet whose they are. */
const MOST_STRANGERS = 256;

type Hello = Extract<WorkerMessage, { readonly type: 'hello' }>;

/** A worker's connection, as the leader has it. */
export interface Peer {
  readonly rank: number;
  send(message: LeaderMessage): void;
  /** Resolves when all that was sent has left. */
  end(): Promise<void>;
  destroy(cause: string): void;
}

/** What the gate tells the leader. */
export interface GateEvents {
  /** Whether a worker of this rank may come in now. */
  isFree(rank: number): boolean;
  /** A worker of this cluster cannot take part: it was told this message. */
  refused(message: string): void;
  /** Another connection was turned away, which this worker's user has to know. */
  notice(message: string): void;
  entered(peer: Peer): void;
  message(peer: Peer, message: WorkerMessage): void;
  closed(peer: Peer, cause: string | undefined): void;
}

/** A connection that has not shown yet whose it is. */
interface Stranger {
  /** The nonce that it was given. */
  readonly challenge: string;
  /** Where it came from. */
  readonly host: string;
  readonly lines: LineSocket;
  /** It is no stranger any more. */
  readonly leave: () => void;
}

/** Takes connections in. */
export class Gate {
  readonly #setUp: ThreadSetUp;
  readonly #events: GateEvents;
  readonly #strangers = new Set<LineSocket>();
  readonly #turnedAway: TurnedAway;

  constructor(setUp: ThreadSetUp, events: GateEvents) {
    this.#setUp = setUp;
    this.#events = events;
    this.#turnedAway = new TurnedAway((message) => events.notice(message));
  }

  /** What may explain that workers did not come, after a semicolon; empty if nothing does. */
  get explanation(): string {
    return this.#turnedAway.explanation;
  }

  /** A new connection: it gets a nonce, and has `strangerMs` to answer it. */
  take(socket: Socket): void {
    if (this.#strangers.size >= MOST_STRANGERS) {
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    const challenge = newNonce();
    const host = socket.remoteAddress ?? 'an address that is gone';
    let peer: Peer | undefined;
    const lines = new LineSocket(socket, {
      line: (line) => {
        const message = workerMessage(line);
        const isHello = message?.type === 'hello';
        if (message === undefined || isHello !== (peer === undefined)) {
          lines.destroy('it sent what is no message');
        } else if (peer === undefined) {
          if (isHello) peer = this.#admit(message, { challenge, host, lines, leave });
        } else this.#events.message(peer, message);
      },
      closed: (cause) => {
        leave();
        if (peer !== undefined) this.#events.closed(peer, cause);
      },
    });
    const timer = setTimeout(() => lines.destroy(), this.#setUp.timing.strangerMs);
    const leave = () => {
      clearTimeout(timer);
      this.#strangers.delete(lines);
    };
    this.#strangers.add(lines);
    lines.send({ type: 'challenge', nonce: challenge } satisfies LeaderMessage);
  }

  /** @returns the worker, if the hello is one of this cluster's workers that may take part */
  #admit(hello: Hello, { challenge, host, lines, leave }: Stranger): Peer | undefined {
    const { secret, addresses, version } = this.#setUp;
    const { rank } = hello;
    const refuse = (why: Refusal, message: string) => {
      lines.send({ type: 'refused', why, message } satisfies LeaderMessage);
      void lines.end();
      return undefined;
    };
    const fault = secretFault(hello, secret, challenge);
    if (fault !== undefined) return refuse('stranger', this.#turnedAway.add(fault, host, rank));
    const difference = differenceOf(hello, version, addresses.length);
    if (difference !== undefined) {
      refuse('different', difference);
      this.#events.refused(difference);
      return undefined;
    }
    if (!this.#events.isFree(rank)) return refuse('taken', this.#turnedAway.add('taken', host, rank));
    leave();
    lines.maxLine = MAX_LINE;
    const peer: Peer = {
      rank,
      send: (message) => lines.send(message),
      end: () => lines.end(),
      destroy: (cause) => lines.destroy(cause),
    };
    peer.send({ type: 'welcome', proof: leaderProof(secret, challenge, hello.nonce) });
    this.#events.entered(peer);
    return peer;
  }

  /** Closes the connections that have not shown whose they are. */
  close(): void {
    for (const lines of this.#strangers) lines.destroy();
  }
}

/** What is wrong with the secret that a hello was made with; undefined if it is this cluster's. */
function secretFault(hello: Hello, secret: string | undefined, challenge: string): Fault | undefined {
  const isMadeWith = (other: string | undefined) => isSameProof(hello.proof, workerProof(other, challenge, hello));
  if (isMadeWith(secret)) return undefined;
  if (secret === undefined) return 'unexpected';
  return isMadeWith(undefined) ? 'none' : 'another';
}

/** What a worker has otherwise than the leader, in one line; undefined if it can take part. */
function differenceOf({ rank, world, version }: Hello, leaders: string, workers: number): string | undefined {
  if (version !== leaders) {
    return `worker ${rank} runs version ${printableVersion(version)} and worker 0 runs ${leaders}: install the same version on all machines`;
  }
  if (world !== workers || rank < 1 || rank >= world) {
    return `worker ${rank} was started in a cluster of ${world} workers and worker 0 in one of ${workers}: give all the same --cluster or TF_CONFIG`;
  }
  return undefined;
}

function printableVersion(version: string): string {
  return version.replace(/[^\w.+-]/g, '?');
}
