/** How a worker and a leader show each other that they belong to one cluster, from the worker's side. */
import { printable } from '../printable.ts';
import type { LineSocket } from './line-socket.ts';
import type { LeaderMessage, Refusal, WorkerMessage } from './messages.ts';
import { isSameProof, leaderProof, newNonce, workerProof } from './proof.ts';
import type { ThreadSetUp } from './thread-messages.ts';

/** What came of it: a leader of this cluster, one that refuses the worker, or none. */
export type Outcome =
  | { readonly type: 'leader' }
  | { readonly type: 'refused'; readonly why: Refusal; readonly message: string }
  | { readonly type: 'stranger' };

/** The introduction on one connection. */
export class Introduction {
  readonly #setUp: ThreadSetUp;
  readonly #lines: LineSocket;
  readonly #nonce = newNonce();
  #challenge: string | undefined;

  constructor(setUp: ThreadSetUp, lines: LineSocket) {
    this.#setUp = setUp;
    this.#lines = lines;
  }

  /**
   * Answers what came.
   *
   * @returns undefined while it goes on
   */
  hear(message: LeaderMessage): Outcome | undefined {
    const { secret } = this.#setUp;
    if (this.#challenge === undefined) {
      if (message.type !== 'challenge') return { type: 'stranger' };
      this.#sayHello(message.nonce);
      return undefined;
    }
    if (message.type === 'refused') return { ...message, message: printable(message.message) };
    const isLeader =
      message.type === 'welcome' && isSameProof(message.proof, leaderProof(secret, this.#challenge, this.#nonce));
    return { type: isLeader ? 'leader' : 'stranger' };
  }

  #sayHello(challenge: string): void {
    this.#challenge = challenge;
    const { rank, addresses, version, secret } = this.#setUp;
    const hello = { rank, world: addresses.length, version, nonce: this.#nonce };
    const proof = workerProof(secret, challenge, hello);
    this.#lines.send({ type: 'hello', ...hello, proof } satisfies WorkerMessage);
  }
}
