/** What set-up tells while it works. */

/** Told of the steps of set-up, one at a time. */
export interface Progress {
  /** Begins a step; the previous step has succeeded. */
  step(text: string): void;
  /** Says how far the current step has come. */
  detail(text: string): void;
}
