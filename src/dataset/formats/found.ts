/** What the reader of a format finds: the parts of a data set, with images that are not yet of the network's size. */

/** Formats of data sets: the words of `--data-format`. */
export const DATA_FORMATS = ['idx', 'folder', 'cifar', 'npz', 'npy', 'parquet', 'csv'] as const;
/** A format of data sets. */
export type DataFormat = (typeof DATA_FORMATS)[number];

/** The parts that a data set may have: images to train on, to choose the best epoch by, and to test with. */
export type PartName = 'train' | 'val' | 'test';

/** Labels of images: indices of classes. */
export type Labels = Uint8Array | Uint16Array;

/** Most classes of a data set: a label is a number of 16 bits, and 65,535 stands for none. */
export const MOST_CLASSES = 65_535;

/** A data set as its reader finds it. Pictures are not decoded yet. */
export interface FoundData {
  readonly format: DataFormat;
  /** Name of the data in messages: the path as the user gave it, or `MNIST`. */
  readonly source: string;
  /** Names of the classes in the order of the labels; undefined if the labels are bare numbers. */
  readonly classNames: readonly string[] | undefined;
  /**
   * Number of classes where the labels are bare numbers and more of them can be meant than the images show: ten of files
   * with MNIST's names. Default: the largest label + 1.
   */
  readonly classes?: number;
  /**
   * Opens each part that there is; `train` is always one. Labels and pixels are read by this call and not before, so a
   * part that nobody asks for costs nothing.
   */
  readonly parts: { readonly train: OpenPart; readonly val?: OpenPart; readonly test?: OpenPart };
  /** What the user should know about how the data were read, for example mapped labels; one line each. */
  readonly notices: readonly string[];
  /** What was left out without being a fault, such as hidden files. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * Reads a part.
 *
 * @throws UserError (data) naming the file, row or entry at fault
 */
export type OpenPart = () => Promise<FoundPart>;

/** Things of one kind that a reader left out. */
export interface LeftOut {
  /** What they are, in the plural: `files whose names begin with a dot`, `images without a label`. */
  readonly what: string;
  readonly count: number;
}

/** One part of a data set. */
export interface FoundPart {
  /** [count], each below the number of classes */
  readonly labels: Labels;
  readonly images: PixelImages | PictureImages;
  /** Where an image comes from, for messages: `cat/1.png`, `train-0.parquet row 5`, `train_images[3]`. */
  readonly nameOf: (index: number) => string;
  /**
   * SHA-256 of the part in hexadecimal, where the format has always been hashed in a way of its own (IDX); else the data
   * set computes one from labels and images.
   */
  readonly sha256?: string;
  /** What holds the images and the labels, for messages, if they lie in files of their own; default: the source. */
  readonly imagesFile?: string;
  readonly labelsFile?: string;
  /** Whether rows and columns of the images were exchanged; default: no. */
  readonly transposed?: boolean;
}

/** Images as arrays of one size. */
export interface PixelImages {
  readonly kind: 'pixels';
  /** [count, height, width, channels], 0 to 255 */
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/** Images as picture files of any size and format. */
export interface PictureImages {
  readonly kind: 'pictures';
  /**
   * The bytes of a picture file.
   *
   * @throws UserError (data) naming the picture that cannot be read
   */
  readonly read: (index: number) => Promise<Buffer>;
}

/** How data are read. */
export interface ReadOptions {
  /** Number of classes that bare labels may name; default: the format's own rule. */
  readonly classes?: number | undefined;
  /**
   * Number of classes of the model that reads the data: labels that run from 1 to it are taken as from 0, as they were in
   * training. Default: `classes`.
   */
  readonly modelClasses?: number | undefined;
  /** Whether to exchange rows and columns of IDX images; default: only in files known to lie on their side. */
  readonly transpose?: boolean | undefined;
  /** Names of all classes in the order of labels that the user wants (`--class-names`); default: by code points. */
  readonly classNames?: readonly string[] | undefined;
  /** Columns of a CSV or Parquet file; default: by their usual names. */
  readonly columns?: { readonly file?: string; readonly label?: string; readonly split?: string } | undefined;
  /** Stops while folders are listed; its reason is then thrown. */
  readonly signal?: AbortSignal | undefined;
}
