/** Who waits for which answer. */

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Promises by the name of what they wait for. */
export class Waiters {
  readonly #byName = new Map<string, Waiter>();
  readonly #onChange: (anyoneWaits: boolean) => void;

  /** @param onChange told whether anyone waits */
  constructor(onChange: (anyoneWaits: boolean) => void) {
    this.#onChange = onChange;
  }

  wait(name: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#byName.set(name, { resolve, reject });
      this.#onChange(true);
    });
  }

  /** What a promise waits for is there. */
  resolve(name: string): void {
    const waiter = this.#byName.get(name);
    this.#byName.delete(name);
    this.#onChange(this.#byName.size > 0);
    waiter?.resolve();
  }

  /** Nobody gets an answer any more. */
  rejectAll(reason: unknown): void {
    const waiters = [...this.#byName.values()];
    this.#byName.clear();
    this.#onChange(false);
    for (const { reject } of waiters) reject(reason);
  }
}
