/** How long epochs take, and whether another one would end in time. */

/** An epoch that was trained, or the rest of one in which the run was resumed. */
export interface EpochTime {
  /** From its first step to where it is saved. */
  readonly seconds: number;
  /** Of these, its steps. */
  readonly trainSeconds: number;
  /** Of these, the first of them: where a run starts it records the graph, which takes as long as many steps. */
  readonly firstStepSeconds: number;
  /** Steps that were taken, and that had been before the run was resumed. */
  readonly taken: number;
  readonly skipped: number;
}

export class EpochTimes {
  #longest = 0;

  /** The rest of an epoch counts as the whole that it belongs to, unless it was too short to tell by. */
  add({ seconds, trainSeconds, firstStepSeconds, taken, skipped }: EpochTime): void {
    const stepSeconds = taken > 1 ? (trainSeconds - firstStepSeconds) / (taken - 1) : 0;
    this.#longest = Math.max(this.#longest, seconds + skipped * stepSeconds);
  }

  /**
   * @param elapsed seconds since the start
   * @param most seconds that it may take; default: any
   * @returns whether another epoch, as long as the longest, would end later
   */
  exceed(elapsed: number, most = Number.POSITIVE_INFINITY): boolean {
    return elapsed + this.#longest > most;
  }
}
