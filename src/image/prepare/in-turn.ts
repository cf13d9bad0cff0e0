/** Runs sharp's operations on several pictures at the same time, within bounds, and repeats alone what fails. */
import { UserError } from '../../errors.ts';
import { MAX_MEGAPIXELS } from '../open-picture.ts';
import { Share } from './share.ts';

/** Pixels that are decoded at the same time, in all: each takes up to 8 bytes. */
const decoding = new Share(MAX_MEGAPIXELS * 1e6);

/** Runs an operation of sharp that takes as much memory as a picture of this many pixels. */
export type RunOperation = <Result>(pixels: number, operation: () => Promise<Result>) => Promise<Result>;

/**
 * Runs a task beside others. If libvips fails, the task runs once more, alone: libvips keeps the texts of its errors in
 * one buffer of the process, and loses some if anything else runs (findings/sharp-lost-reason.sh).
 *
 * @param task runs each operation of sharp by the function that it is given
 */
export async function inTurn<Result>(task: (run: RunOperation) => Promise<Result>): Promise<Result> {
  try {
    return await task((pixels, operation) => decoding.run(pixels, operation));
  } catch (error) {
    const isOfLibvips = error instanceof UserError && error.cause !== undefined;
    if (!isOfLibvips) throw error;
    return decoding.run(Infinity, () => task((_, operation) => operation()));
  }
}
