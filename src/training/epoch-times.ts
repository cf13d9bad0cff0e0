/** Durations of epochs, and whether another epoch would end within a time limit. */

/** Times of one epoch, or of its rest if the run was resumed inside it. */
export interface EpochTime {
  /** Time from its first step until it was saved. */
  readonly seconds: number;
  /** Time of its steps, part of `seconds`. */
  readonly trainSeconds: number;
  /**
   * Time of the first step, part of `trainSeconds`. A run's first step records the graph, which takes as long as many
   * steps.
   */
  readonly firstStepSeconds: number;
  /** Number of steps taken in this time. */
  readonly taken: number;
  /** Number of steps of the epoch taken before the run was resumed. */
  readonly skipped: number;
}

/** Remembers the duration of the longest epoch. */
export class EpochTimes {
  /** Duration of the longest epoch, in seconds. */
  #longest = 0;

  /**
   * Adds an epoch. Of a resumed epoch, each skipped step counts as long as the mean of the steps taken after the first;
   * it counts nothing if fewer than two were taken.
   */
  add({ seconds, trainSeconds, firstStepSeconds, taken, skipped }: EpochTime): void {
    const stepSeconds = taken > 1 ? (trainSeconds - firstStepSeconds) / (taken - 1) : 0;
    this.#longest = Math.max(this.#longest, seconds + skipped * stepSeconds);
  }

  /**
   * Whether another epoch, as long as the longest so far, would exceed the limit.
   *
   * @param elapsed seconds since the start
   * @param limit seconds since the start; default: none
   */
  exceed(elapsed: number, limit = Number.POSITIVE_INFINITY): boolean {
    return elapsed + this.#longest > limit;
  }
}
