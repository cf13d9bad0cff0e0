/** Reads data sets of one `.npz` file, a zip of `.npy` files: MedMNIST's, Keras's, and those named alike. */

import { dataFault } from './files.ts';
import type { FoundData, ReadOptions } from './found.ts';
import { LIMITS, type Limits } from './limits.ts';
import { partsOfArrays } from './numpy/array-parts.ts';
import { NPY_BEGINNING_BYTES } from './numpy/npy.ts';
import { readEntry, zipEntries } from './numpy/zip.ts';

const ENDING = '.npy';

/** Whether a path's name is that of an `.npz` file. */
export async function looksLikeNpz(path: string): Promise<boolean> {
  return path.toLowerCase().endsWith('.npz');
}

/**
 * Reads an `.npz` file. Entries of a part are inflated when the part is opened.
 *
 * @param path the file
 * @param options `classNames` name the numbers in order
 * @throws UserError (data) naming the file, and the entry that is missing or cannot be read
 */
export async function readNpz(path: string, options: ReadOptions = {}, limits: Limits = LIMITS): Promise<FoundData> {
  const entries = new Map(
    (await zipEntries(path))
      .filter(({ fileName }) => fileName.endsWith(ENDING))
      .map((entry) => [entry.fileName.slice(0, -ENDING.length), entry]),
  );
  const titleOf = (name: string) => `${path}: ${name}`;
  const entryOf = (name: string) => {
    const entry = entries.get(name);
    if (entry === undefined) throw dataFault(titleOf(name), 'no such entry; fetch the file again');
    return entry;
  };
  const beginning = (name: string) => readEntry(path, entryOf(name), titleOf(name), limits, NPY_BEGINNING_BYTES);
  const whole = (name: string) => readEntry(path, entryOf(name), titleOf(name), limits);
  const names = [...entries.keys()];
  return partsOfArrays({ format: 'npz', source: path, names, titleOf, beginning, whole }, options, limits);
}
