/** A data set: images of one size, their labels, and what is known about both. */
import type { DataFormat, Labels } from './formats/found.ts';
import type { BrokenPicture } from './prepare/prepared-images.ts';
import type { StreamedPixels } from './streamed-pixels.ts';

/** Pixels of all images: in memory, or in a file from which they are read as they are needed. */
export type Pixels = Uint8Array | StreamedPixels;

/** Images and their labels: those to train on and validate with, or those to test with. */
export interface Dataset {
  /** [count, height, width, channels], 0 (black) to 255; `pixels.ts` reads them, wherever they are. */
  readonly pixels: Pixels;
  /** Labels [count], each below `classes`. */
  readonly labels: Labels;
  /** Number of images. */
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** 1: grey levels; 3: red, green, blue. */
  readonly channels: 1 | 3;
  readonly classes: number;
  /** Names of the classes in the order of the labels; absent if the labels are bare numbers. */
  readonly classNames?: readonly string[] | undefined;
  readonly format: DataFormat;
  /**
   * SHA-256 of the images, labels and names in hexadecimal. Of IDX files it is that of the two decompressed files, as
   * `cat IMAGES LABELS | sha256sum` prints it.
   */
  readonly sha256: string;
  /** Name of the source in messages: the path, or `MNIST`. */
  readonly source: string;
  /** What holds the images and the labels, for messages: the names of IDX files, else the source. */
  readonly imagesFile: string;
  readonly labelsFile: string;
  /** Whether the images were transposed when they were loaded. */
  readonly transposed: boolean;
  /** Whether the images are the data's own test part; default: false. */
  readonly isTestPart?: boolean;
  /** Number of images, the last ones, that are the data's own validation part; default: 0, the data have none. */
  readonly givenValidation?: number;
  /** Whether the data have no test part of their own, so that test images are held out from these; default: false. */
  readonly lacksTest?: boolean;
  /**
   * For each image the index of the first that equals it, byte by byte: [count]. Absent if that was not looked for: a
   * split of IDX files has never depended on it.
   */
  readonly twins?: Int32Array | undefined;
  /** For each image the part that shows the picture, the rest being padding; absent if no image has padding. */
  readonly contents?: Contents | undefined;
  /** Where an image comes from, for messages; default: its number. */
  readonly nameOf?: (index: number) => string;
  /**
   * SHA-256 in hexadecimal of an image's file, or of its pixels in an array; absent of IDX files, whose parts have a hash of
   * their own.
   */
  readonly digestOf?: ((index: number) => string | undefined) | undefined;
  /** Images that two parts of the data hold; absent if that was not looked for. */
  readonly shared?: readonly SharedImages[];
  /** Pictures that could not be read, and were skipped as the user asked. */
  readonly broken?: readonly BrokenPicture[];
}

/** A data set whose pixels are in memory. */
export type DatasetInMemory = Dataset & { readonly pixels: Uint8Array };

/** Images that two parts of the data hold, byte for byte. */
export interface SharedImages {
  /** The two parts in words: `train and test`. */
  readonly parts: string;
  readonly images: number;
}

/** Left, top, width and height of each image's content in pixels: [count, 4]. */
export type Contents = Int32Array;

/** Number of bytes of one image. */
export function imageBytes({ height, width, channels }: Pick<Dataset, 'height' | 'width' | 'channels'>): number {
  return height * width * channels;
}

/** The numbers from 0 on, [count]: a loop takes a tenth of the time of `Int32Array.from`, which start-up notices. */
export function indicesUpTo(count: number): Int32Array {
  const indices = new Int32Array(count);
  for (let index = 0; index < count; index++) indices[index] = index;
  return indices;
}

/** The largest of labels, at least one. */
export function largestLabel(labels: Labels): number {
  let largest = 0;
  for (const label of labels) if (label > largest) largest = label;
  return largest;
}
