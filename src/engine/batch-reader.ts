/** Reads the pixels of batches, those that are not in memory ahead of the steps that take them. */
import type { Dataset } from '../dataset/dataset.ts';
import { type Piece, pieceOf } from '../dataset/pixels.ts';

/** A batch that is being read. */
interface Expected {
  readonly indices: Int32Array;
  readonly piece: Promise<Piece>;
}

/** Reads batches of a data set. */
export class BatchReader {
  readonly #dataset: Dataset;
  /** Batches that were not taken yet, in the order of `expect`. */
  #expected: readonly Expected[] = [];
  #waitedMs = 0;

  constructor(dataset: Dataset) {
    this.#dataset = dataset;
  }

  /** Time that `take` has waited for pixels that are not in memory, in seconds. */
  get waitedSeconds(): number {
    return this.#waitedMs / 1000;
  }

  /** Begins to read a batch, if its pixels are not in memory. */
  expect(indices: Int32Array): void {
    if (this.#dataset.pixels instanceof Uint8Array) return;
    const piece = pieceOf(this.#dataset, indices);
    piece.catch(() => {}); // `take` throws it
    this.#expected = [...this.#expected, { indices, piece }];
  }

  /**
   * The pixels of a batch. Batches that were expected before it, and not taken, are dropped.
   *
   * @throws UserError (io) if a file cannot be read
   */
  async take(indices: Int32Array): Promise<Piece> {
    if (this.#dataset.pixels instanceof Uint8Array) return pieceOf(this.#dataset, indices);
    const at = this.#expected.findIndex((each) => isSame(each.indices, indices));
    const expected = this.#expected[at];
    this.#expected = this.#expected.slice(at + 1);
    const began = performance.now();
    const piece = await (expected?.piece ?? pieceOf(this.#dataset, indices));
    this.#waitedMs += performance.now() - began;
    return piece;
  }
}

function isSame(one: Int32Array, other: Int32Array): boolean {
  return one.length === other.length && one.every((index, at) => index === other[at]);
}
