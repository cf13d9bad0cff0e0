/** Reads data sets of `.npy` files in a folder: `train_images.npy` and `train_labels.npy`, `x_test.npy` and so on. */
import { join } from 'node:path';
import { fileBytes, namesIn, readBytes } from './files.ts';
import type { FoundData, ReadOptions } from './found.ts';
import { LIMITS, type Limits } from './limits.ts';
import { announceTraining } from './numpy/array-names.ts';
import { partsOfArrays } from './numpy/array-parts.ts';
import { NPY_BEGINNING_BYTES } from './numpy/npy.ts';

const ENDING = '.npy';

/** Names of the arrays in a folder, without `.npy`. */
async function arrayNames(path: string): Promise<string[]> {
  const files = await namesIn(path, 'files');
  const names = files.filter((name) => name.endsWith(ENDING));
  return names.map((name) => name.slice(0, -ENDING.length));
}

/** Whether a folder's names are those of `.npy` files of images and labels. */
export async function looksLikeNpyPairs(path: string): Promise<boolean> {
  return announceTraining(await arrayNames(path));
}

/**
 * Reads a folder of `.npy` files.
 *
 * @param path the folder
 * @param options `classNames` name the numbers in order
 * @throws UserError (data) naming the file that is missing or cannot be read
 */
export async function readNpyPairs(
  path: string,
  options: ReadOptions = {},
  limits: Limits = LIMITS,
): Promise<FoundData> {
  const names = await arrayNames(path);
  const fileOf = (name: string) => join(path, `${name}${ENDING}`);
  const beginning = async (name: string) => {
    const length = Math.min(await fileBytes(fileOf(name)), NPY_BEGINNING_BYTES);
    return readBytes(fileOf(name), NPY_BEGINNING_BYTES, { start: 0, length });
  };
  const whole = (name: string) => readBytes(fileOf(name), limits.arrayBytes);
  return partsOfArrays({ format: 'npy', source: path, names, titleOf: fileOf, beginning, whole }, options, limits);
}
