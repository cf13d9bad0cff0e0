/** A loss that was seen, until its cause is known. */

/** Waits a moment after a loss was seen: the worker that failed may still say why, and its words count. */
export class Suspicion {
  readonly #waitMs: number;
  readonly #judge: (message: string) => void;
  readonly #suspects = new Set<number>();
  #timer: NodeJS.Timeout | undefined;
  #seen: { readonly message: string; readonly isWeak: boolean } | undefined;

  /** @param judge called once, with the first loss that was seen, `waitMs` after it */
  constructor(waitMs: number, judge: (message: string) => void) {
    this.#waitMs = waitMs;
    this.#judge = judge;
  }

  /** What the first loss was; undefined if none was seen. */
  get message(): string | undefined {
    return this.#seen?.message;
  }

  /**
   * Only the first loss of each worker counts.
   *
   * @param rank the worker that may be lost
   * @param isWeak whether the worker only says that it saw a loss: that of any other worker is its cause
   */
  add(rank: number, message: string, isWeak: boolean): void {
    if (this.#suspects.has(rank)) return;
    this.#suspects.add(rank);
    if (this.#seen === undefined)
      this.#timer = setTimeout(() => this.#judge(this.#seen?.message ?? message), this.#waitMs);
    else if (isWeak || !this.#seen.isWeak) return;
    this.#seen = { message, isWeak };
  }

  /** Judges no more. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
