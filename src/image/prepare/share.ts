/** Bounds how many pixels are decoded at the same time, and lets one picture be decoded alone. */

/** A promise to resolve, and the amount that it waits for. */
interface Waiting {
  readonly amount: number;
  readonly begin: () => void;
}

/** An amount that is shared by what runs at the same time. Who came first begins first. */
export class Share {
  readonly #most: number;
  readonly #queue: Waiting[] = [];
  #free: number;

  /** @param most all of the amount */
  constructor(most: number) {
    this.#most = most;
    this.#free = most;
  }

  /**
   * Runs a task as soon as there is room for it.
   *
   * @param amount what the task takes, at most all: `Infinity` runs it alone
   */
  async run<Result>(amount: number, task: () => Promise<Result>): Promise<Result> {
    const taken = Math.min(amount, this.#most);
    await new Promise<void>((begin) => {
      this.#queue.push({ amount: taken, begin });
      this.#beginNext();
    });
    try {
      return await task();
    } finally {
      this.#free += taken;
      this.#beginNext();
    }
  }

  #beginNext(): void {
    for (let next = this.#queue[0]; next !== undefined && next.amount <= this.#free; next = this.#queue[0]) {
      this.#queue.shift();
      this.#free -= next.amount;
      next.begin();
    }
  }
}
