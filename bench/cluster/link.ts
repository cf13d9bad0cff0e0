/** One direction of a network link, in user space: limits the rate, delays, and counts the bytes. */

/** What a direction of a link does to what passes. */
export interface LinkLimits {
  /** Bits per second; default: no limit. */
  readonly bitsPerSecond?: number;
  /** One-way delay in milliseconds; default: none. */
  readonly delayMs?: number;
}

/**
 * Bytes that may wait for the link before a sender has to: a proxy that gets no processor for 10 ms still has what to send
 * at 1 Gbit/s.
 */
const MOST_QUEUED_BYTES = 4 * 2 ** 20;

/** A chunk on its way. */
interface Chunk {
  readonly bytes: number;
  /** When its last byte has left and crossed the link, in milliseconds of `performance.now`. */
  readonly arrives: number;
  readonly deliver: () => void;
}

/**
 * One direction, which all connections of it share. Chunks arrive in order; each takes the link for as long as its bits
 * do. The time is that of a clock and not of timers, so that late timers do not lower the rate.
 */
export class Link {
  readonly #limits: Required<LinkLimits>;
  /** Chunks that have not arrived, in order. */
  readonly #way: Chunk[] = [];
  /** Senders that wait for room. */
  #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** When the link has sent all that it was given. */
  #free = 0;
  #queued = 0;
  #bytes = 0;

  constructor({ bitsPerSecond = Number.POSITIVE_INFINITY, delayMs = 0 }: LinkLimits = {}) {
    this.#limits = { bitsPerSecond, delayMs };
  }

  /** Bytes that this direction was given since it was made. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Sends a chunk.
   *
   * @param deliver is called when the chunk has arrived
   * @param resume is called when there is room again, if there is none now
   * @returns whether there is room for more
   */
  send(bytes: number, deliver: () => void, resume: () => void): boolean {
    const now = performance.now();
    this.#bytes += bytes;
    this.#queued += bytes;
    this.#free = Math.max(now, this.#free) + (8000 * bytes) / this.#limits.bitsPerSecond;
    this.#way.push({ bytes, arrives: this.#free + this.#limits.delayMs, deliver });
    this.#deliverDue();
    if (this.#queued <= MOST_QUEUED_BYTES + this.#bytesInFlight()) return true;
    this.#waiting.push(resume);
    return false;
  }

  /** Bytes that the delay holds at the full rate: they have left the sender's queue. */
  #bytesInFlight(): number {
    const { bitsPerSecond, delayMs } = this.#limits;
    return delayMs === 0 ? 0 : (bitsPerSecond * delayMs) / 8000;
  }

  #deliverDue(): void {
    const now = performance.now();
    while (this.#way[0] && this.#way[0].arrives <= now) {
      const chunk = this.#way.shift()!;
      this.#queued -= chunk.bytes;
      chunk.deliver();
    }
    if (this.#queued <= MOST_QUEUED_BYTES / 2 + this.#bytesInFlight()) {
      const resumed = this.#waiting;
      this.#waiting = [];
      for (const resume of resumed) resume();
    }
    const next = this.#way[0];
    if (!next || this.#timer) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#deliverDue();
      },
      Math.max(0, next.arrives - performance.now()),
    );
  }
}
