/** Counts what the images of a class or a part are like: sizes, file formats, colour. */
import type { ImageSize } from '../../image/size.ts';

/** What is known of one image that could be read. */
export interface ImageFacts extends ImageSize {
  /** The file's format in lower case, such as `png`; undefined of an image that is an array. */
  readonly format: string | undefined;
  readonly hasColour: boolean;
}

/** A size and how many images have it. */
export interface SizeCount extends ImageSize {
  readonly images: number;
}

/** Sizes of images in pixels. */
export interface Sizes {
  /** The smallest and the largest by their number of pixels; of equally many the lower one. */
  readonly smallest: ImageSize;
  readonly largest: ImageSize;
  /** The size that most images have; of several the smallest. */
  readonly mostCommon: SizeCount;
  /** Number of different sizes. */
  readonly different: number;
}

/** A file format and how many images have it. */
export interface FormatCount {
  readonly format: string;
  readonly images: number;
}

/** What the images of a class or a part are like. */
export interface ImageCounts {
  /** Number of images: those that can be read and those that cannot. */
  readonly images: number;
  readonly unreadable: number;
  /** Number of images that have a pixel which is not grey. */
  readonly coloured: number;
  /** Undefined if no image can be read. */
  readonly sizes: Sizes | undefined;
  /** File formats, the most frequent first; none of images that are arrays. */
  readonly formats: readonly FormatCount[];
}

/** Counts images; the order in which they come makes no difference. */
export class ImageTally {
  #unreadable = 0;
  #readable = 0;
  #coloured = 0;
  readonly #sizes = new Map<string, SizeCount>();
  readonly #formats = new Map<string, number>();

  add({ height, width, format, hasColour }: ImageFacts): void {
    this.#readable++;
    if (hasColour) this.#coloured++;
    const size = `${height}x${width}`;
    this.#sizes.set(size, { height, width, images: (this.#sizes.get(size)?.images ?? 0) + 1 });
    if (format !== undefined) this.#formats.set(format, (this.#formats.get(format) ?? 0) + 1);
  }

  addUnreadable(): void {
    this.#unreadable++;
  }

  counts(): ImageCounts {
    const formats = [...this.#formats].map(([format, images]) => ({ format, images }));
    formats.sort((a, b) => b.images - a.images || (a.format < b.format ? -1 : 1));
    return {
      images: this.#readable + this.#unreadable,
      unreadable: this.#unreadable,
      coloured: this.#coloured,
      sizes: sizesOf([...this.#sizes.values()]),
      formats,
    };
  }
}

function sizesOf(counts: readonly SizeCount[]): Sizes | undefined {
  const sorted = counts.toSorted((a, b) => a.height * a.width - b.height * b.width || a.height - b.height);
  const [first] = sorted;
  if (first === undefined) return undefined;
  const mostCommon = sorted.reduce((most, each) => (each.images > most.images ? each : most));
  return { smallest: sizeOf(first), largest: sizeOf(sorted.at(-1)!), mostCommon, different: sorted.length };
}

function sizeOf({ height, width }: ImageSize): ImageSize {
  return { height, width };
}
