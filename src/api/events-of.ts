/** Turns work that emits events into a generator: a loop takes them one by one, and the work waits for the loop. */

/** What work has of the loop that takes its events. */
export interface EventSink<Event> {
  readonly emit: (event: Event) => void;
  /** Resolves when every event was taken and the loop asks for the next, or has been left. */
  readonly taken: () => Promise<void>;
}

/**
 * The events of some work. The work begins with the first that is asked for.
 *
 * @param work the work; its signal is aborted when the loop is left
 * @throws what the work throws, after its last event; when the loop was left, only what is not the signal's reason
 */
export async function* eventsOf<Event>(
  work: (sink: EventSink<Event>, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<Event, void, void> {
  const leaving = new AbortController();
  const waiting: Event[] = [];
  const waiters: (() => void)[] = [];
  let wake: (() => void) | undefined; // present while the loop asks for an event
  let isOver = false;
  const release = () => {
    for (const each of waiters.splice(0)) each();
  };
  const emit = (event: Event) => {
    waiting.push(event);
    wake?.();
  };
  const taken = async () => {
    const isIdle = leaving.signal.aborted || (wake !== undefined && waiting.length === 0);
    if (!isIdle) await new Promise<void>((resolve) => waiters.push(resolve));
  };
  const running = work({ emit, taken }, leaving.signal).finally(() => {
    isOver = true;
    wake?.();
  });
  running.catch(() => {}); // it is thrown below
  try {
    for (;;) {
      for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) yield event;
      if (isOver) break;
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      release();
      await woken;
      wake = undefined;
    }
    await running;
  } finally {
    leaving.abort();
    release();
    await running.catch((error: unknown) => {
      if (error !== leaving.signal.reason) throw error;
    });
  }
}
