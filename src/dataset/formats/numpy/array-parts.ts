/** Makes a data set of arrays that NumPy wrote, wherever they lie: in one `.npz` file, or as files of a folder. */

import { printable } from '../../../printable.ts';
import { dataFault } from '../files.ts';
import type { DataFormat, FoundData, FoundPart, OpenPart, ReadOptions } from '../found.ts';
import { bareLabels } from '../labels.ts';
import type { Limits } from '../limits.ts';
import { imagePixels, imageShape } from './array-images.ts';
import { type ArrayPair, namedParts } from './array-names.ts';
import { type NpyHeader, parseNpy, parseNpyHeader, shapeText } from './npy.ts';
import { npyNumbers } from './npy-values.ts';

/** Where arrays lie. */
export interface ArraySource {
  readonly format: DataFormat;
  /** The data's name in messages. */
  readonly source: string;
  /** Names of the arrays, without `.npy`. */
  readonly names: readonly string[];
  /** An array's name in messages: `data.npz: train_images`, `data/train_images.npy`. */
  readonly titleOf: (name: string) => string;
  /** The beginning of an array's file: `NPY_BEGINNING_BYTES`, or all of it if it is shorter. */
  readonly beginning: (name: string) => Promise<Buffer>;
  /** The whole of an array's file. */
  readonly whole: (name: string) => Promise<Buffer<ArrayBuffer>>;
}

/**
 * Makes a data set of arrays. Only the headers of the arrays to train on are read by this call.
 *
 * @throws UserError (data) naming the array that is missing or is no array of images or labels
 */
export async function partsOfArrays(arrays: ArraySource, options: ReadOptions, limits: Limits): Promise<FoundData> {
  const { train, val, test, notices, leftOut } = namedParts(arrays.names, arrays.source);
  const headerOf = async (name: string) => {
    const title = arrays.titleOf(name);
    return { title, header: parseNpyHeader(await arrays.beginning(name), title, limits) };
  };
  const [images, labels] = [await headerOf(train.images), await headerOf(train.labels)];
  const { channelsFirst } = imageShape(images.header, images.title);
  checkCounts(images.header, images.title, labels.header, labels.title);
  const turned = `${train.images} has its channels first (${shapeText(images.header.shape)}): they are put last`;
  const opener =
    (pair: ArrayPair): OpenPart =>
    () =>
      openPart(arrays, pair, options, limits);
  return {
    format: arrays.format,
    source: arrays.source,
    classNames: options.classNames,
    parts: { train: opener(train), ...(val && { val: opener(val) }), ...(test && { test: opener(test) }) },
    notices: (channelsFirst ? [...notices, turned] : notices).map(printable),
    leftOut,
  };
}

/** Reads the two arrays of a part. */
async function openPart(
  arrays: ArraySource,
  pair: ArrayPair,
  options: ReadOptions,
  limits: Limits,
): Promise<FoundPart> {
  const [imagesTitle, labelsTitle] = [arrays.titleOf(pair.images), arrays.titleOf(pair.labels)];
  const stored = parseNpy(await arrays.whole(pair.labels), labelsTitle, limits);
  const images = parseNpy(await arrays.whole(pair.images), imagesTitle, limits);
  checkCounts(images, imagesTitle, stored, labelsTitle);
  return {
    labels: bareLabels(npyNumbers(stored), options, (index) => `${labelsTitle}[${index}]`),
    images: imagePixels(images, imagesTitle),
    nameOf: (index) => `${pair.images}[${index}]`,
  };
}

/**
 * Checks that there is one label for each image: [N] or [N, 1], as MedMNIST has them.
 *
 * @throws UserError (data) naming the labels
 */
function checkCounts(images: NpyHeader, imagesTitle: string, { shape }: NpyHeader, title: string): void {
  if (shape.length < 1 || shape.length > 2) {
    throw dataFault(title, `labels have shape ${shapeText(shape)}, expected N or N×1; store one label for each image`);
  }
  if (shape.length === 2 && shape[1] !== 1) {
    const advice = 'choose one of them, or store one-hot rows as labels.argmax(1)';
    throw dataFault(
      title,
      `holds ${shape[1]} labels for each image (${shapeText(shape)}), one can be learned; ${advice}`,
    );
  }
  if (shape[0] !== images.shape[0]) {
    throw dataFault(
      title,
      `holds ${shape[0]} labels, but ${imagesTitle} has ${images.shape[0]} images; store one for each`,
    );
  }
}
