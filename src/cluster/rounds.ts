/** Gathers one value from each worker, round by round. */

/** How many rounds a worker may be ahead of another. */
const MOST_AHEAD = 16;

/** Rounds in which every worker gives one value. */
export class Rounds<T> {
  readonly #queues: readonly T[][];

  /** @param world number of workers */
  constructor(world: number) {
    this.#queues = Array.from({ length: world }, () => []);
  }

  /** Whether a worker may give another value now. */
  hasRoom(rank: number): boolean {
    return (this.#queues[rank]?.length ?? MOST_AHEAD) < MOST_AHEAD;
  }

  /** @returns the round's values, by rank, if this is the last of them */
  add(rank: number, value: T): readonly T[] | undefined {
    this.#queues[rank]?.push(value);
    return this.#queues.every((queue) => queue.length > 0) ? this.#queues.map((queue) => queue.shift()!) : undefined;
  }
}
