/** How long the workers wait for one another on the control connection. */

/** Times of the control connection (ms); tests have shorter ones. */
export interface Timing {
  /** Between two heartbeats. */
  readonly beatMs: number;
  /** After how long without any message a worker is taken for lost: frozen, or its network is gone. */
  readonly silenceMs: number;
  /** Between two attempts to reach the leader. */
  readonly retryMs: number;
  /** How long a connection may take to show that it is a worker's. */
  readonly strangerMs: number;
  /** How long after a connection's end a worker's own words about the cause are waited for. */
  readonly verdictMs: number;
  /** How long the last messages may take to leave. */
  readonly flushMs: number;
}

/** The times that hold unless a test says otherwise: with them a loss is known well within 10 s. */
export const TIMING: Timing = {
  beatMs: 1_000,
  silenceMs: 8_000,
  retryMs: 500,
  strangerMs: 5_000,
  verdictMs: 500,
  flushMs: 1_000,
};

/** Resolves when all promises have, or after `milliseconds`. */
export async function within(milliseconds: number, promises: readonly Promise<void>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([Promise.all(promises), late]);
  clearTimeout(timer);
}
