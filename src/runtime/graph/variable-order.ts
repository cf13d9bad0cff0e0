/** Keeps a graph's reads and writes of each variable in the order in which they were recorded. */

/** The accesses to all variables of one graph, in order. Variables are identified by their handles. */
export class VariableOrder {
  readonly #lastWrite = new Map<number, string>();
  /** Names of the nodes that have read a variable since its last write. */
  readonly #readsSince = new Map<number, string[]>();

  /**
   * Adds a node that accesses a variable.
   *
   * @param reads whether the node only reads the variable
   * @returns names of the nodes that must run before this one
   */
  addAccess(variable: number, node: string, reads: boolean): string[] {
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

  /** Names of the nodes that wrote variables last, each once. */
  lastWriters(): string[] {
    return [...new Set(this.#lastWrite.values())];
  }
}
