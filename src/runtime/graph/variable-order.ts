/** Keeps reads and writes of each variable in the order in which they were recorded. */
export class VariableOrder {
  readonly #lastWrite = new Map<number, string>();
  readonly #readsSince = new Map<number, string[]>();

  /** @returns the nodes that have to run before this one */
  touch(variable: number, node: string, reads: boolean): string[] {
    const write = this.#lastWrite.get(variable);
    const earlier = this.#readsSince.get(variable) ?? [];
    const before = write === undefined ? [] : [write];
    if (reads) {
      this.#readsSince.set(variable, [...earlier, node]);
      return before;
    }
    this.#lastWrite.set(variable, node);
    this.#readsSince.set(variable, []);
    return [...before, ...earlier];
  }

  /** The last node that changed each variable. */
  lastWriters(): string[] {
    return [...new Set(this.#lastWrite.values())];
  }
}
