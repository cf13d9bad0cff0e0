/** Does things one after the other, in the order in which they are asked for. */

/** A place where one thing is done at a time. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does a thing when all before it are done, whether they failed or not. */
  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}
