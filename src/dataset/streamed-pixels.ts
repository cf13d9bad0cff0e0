/** Pixels of a data set that memory does not hold: they are read from files as they are needed. */
import { fillPadding } from '../image/prepare/fill-padding.ts';
import type { ImageSize } from '../image/size.ts';
import type { PixelFile } from './prepare/pixel-file.ts';

/** Pixels of a part of the images, one after the other. */
interface PartPixels {
  /** Number of images. */
  readonly count: number;
  /** [count, height, width, channels] */
  readonly pixels: Uint8Array | PixelFile;
}

/** Shape of an image. */
interface ImageShape extends ImageSize {
  readonly channels: 1 | 3;
}

/** Pixels of which some, or all, are in files. */
export class StreamedPixels {
  readonly #parts: readonly PartPixels[];
  readonly #shape: ImageShape;
  readonly #contents: Int32Array | undefined;
  #fill: readonly number[] | undefined;

  /**
   * @param parts in order, with as many images as the data set has
   * @param contents see `Dataset.contents`
   */
  constructor(parts: readonly PartPixels[], shape: ImageShape, contents: Int32Array | undefined) {
    this.#parts = parts;
    const { height, width, channels } = shape;
    this.#shape = { height, width, channels };
    this.#contents = contents;
  }

  /** Bytes of the pixels that are in memory. */
  get bytesInMemory(): number {
    return this.#parts.reduce((sum, { pixels }) => sum + (pixels instanceof Uint8Array ? pixels.length : 0), 0);
  }

  /** Fills the padding of images that are read from now on. */
  fillPadding(colour: readonly number[]): void {
    this.#fill = colour;
  }

  /**
   * Reads images: those that follow one another in `indices` and in a file by one call, several calls at a time.
   *
   * @param indices [n]
   * @returns [n, height, width, channels]
   * @throws UserError (io) if a file cannot be read, or was changed
   */
  async gather(indices: Int32Array): Promise<Uint8Array> {
    const { height, width, channels } = this.#shape;
    const size = height * width * channels;
    const gathered = new Uint8Array(indices.length * size);
    const reads: Promise<void>[] = [];
    for (let begin = 0, end = 0; begin < indices.length; begin = end) {
      const { part, row } = this.#placeOf(indices[begin]!);
      const most = begin + part.count - row;
      for (end = begin + 1; end < most && indices[end] === indices[begin]! + end - begin; ) end += 1;
      const into = gathered.subarray(begin * size, end * size);
      if (part.pixels instanceof Uint8Array) into.set(part.pixels.subarray(row * size, row * size + into.length));
      else reads.push(part.pixels.read(row, into));
    }
    await Promise.all(reads);
    this.#fillPaddingOf(indices, gathered);
    return gathered;
  }

  /** Closes the files: nothing can be read afterwards. A process that ends need not. */
  async close(): Promise<void> {
    for (const { pixels } of this.#parts) if (!(pixels instanceof Uint8Array)) await pixels.close();
  }

  /** The part that an image is in, and its row there. */
  #placeOf(index: number): { part: PartPixels; row: number } {
    let row = index;
    for (const part of this.#parts) {
      if (row < part.count) return { part, row };
      row -= part.count;
    }
    throw new Error(`the data set has no image ${index}`);
  }

  #fillPaddingOf(indices: Int32Array, pixels: Uint8Array): void {
    const [contents, fill] = [this.#contents, this.#fill];
    if (contents === undefined || fill === undefined) return;
    const size = pixels.length / indices.length;
    for (const [row, index] of indices.entries()) {
      const [left, top, width, height] = contents.subarray(4 * index, 4 * index + 4);
      const content = { left: left!, top: top!, width: width!, height: height! };
      fillPadding(pixels.subarray(row * size, (row + 1) * size), this.#shape, content, fill);
    }
  }
}
