/** The workers that are connected to the leader. */
import type { Peer } from './gate.ts';
import type { LeaderMessage } from './messages.ts';
import { within } from './timing.ts';

/** The followers of a leader, by rank. */
export class Peers {
  readonly #world: number;
  readonly #byRank = new Map<number, Peer>();

  /** @param world number of workers, with the leader */
  constructor(world: number) {
    this.#world = world;
  }

  has(rank: number): boolean {
    return this.#byRank.has(rank);
  }

  add(peer: Peer): void {
    this.#byRank.set(peer.rank, peer);
  }

  remove(peer: Peer): void {
    this.#byRank.delete(peer.rank);
  }

  /** Ranks of the workers that are not connected. */
  missing(): number[] {
    return Array.from({ length: this.#world - 1 }, (_, index) => index + 1).filter((rank) => !this.has(rank));
  }

  tell(message: LeaderMessage): void {
    for (const peer of this.#byRank.values()) peer.send(message);
  }

  /** Closes the connection of a worker that breaks the rules. */
  drop(rank: number, cause: string): void {
    this.#byRank.get(rank)?.destroy(cause);
  }

  /** Ends all connections. Resolves when the workers have done so too, or after `milliseconds`. */
  end(milliseconds: number): Promise<void> {
    return within(
      milliseconds,
      [...this.#byRank.values()].map((peer) => peer.end()),
    );
  }

  /** Closes all connections at once. */
  destroy(): void {
    for (const peer of this.#byRank.values()) peer.destroy('closed');
  }
}
