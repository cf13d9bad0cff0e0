/** The check, before a backend is loaded, that memory holds what a command will compute. */
import { ExitCode, type Notice, UserError } from '../errors.ts';
import { gibibytes } from './amounts.ts';
import type { Way } from './estimate.ts';
import { type MemoryLimit, memoryLimits } from './limits.ts';

/** What a command needs memory for. */
export interface MemoryNeed {
  readonly way: Way;
  /** What needs the memory: the subject of a message's sentence, for example `training by --batch-size 128`. */
  readonly what: string;
  /** Number of images in a batch. */
  readonly batch: number;
  /** Largest resident memory with batches of a size, in bytes; it must grow with the size. */
  readonly peak: (batch: number) => number;
  /** How to get a smaller batch, for example `give --batch-size 64`. */
  readonly smaller: (batch: number) => string;
  /** What to do if no batch fits, for example `give a smaller --width`. */
  readonly otherwise: string;
}

/** Checks a need before any work. */
export type CheckMemory = (need: MemoryNeed) => void;

/** Part of the available memory above which an estimate is refused. Estimates are right within 30 %. */
const REFUSED = 1.25;
/** Part of the available memory from which an estimate is warned of. */
const WARNED = 0.75;
/**
 * Part of the available memory up to which a batch is said to fit. It is a little less, because what is available
 * changes: a user who follows the advice a minute later should not be warned.
 */
const FITS = 0.7;

/** Heap that WebAssembly can have, with addresses of 32 bits. */
const WASM_LIMIT: MemoryLimit = { bytes: 2 ** 32, which: 'fits into WebAssembly' };

/**
 * The check that a command makes, with the user's choice.
 *
 * @param unchecked whether the user gave --no-memory-check
 * @param notice called if memory may be too small
 */
export function memoryCheck(unchecked: boolean | undefined, notice: Notice): CheckMemory {
  return unchecked ? () => {} : (need) => judge(need, memoryLimits(), notice);
}

/**
 * Judges a need by the smallest of the limits.
 *
 * @throws UserError (usage) if the estimate is far above it, naming both and the largest batch that fits
 */
export function judge(need: MemoryNeed, limits: readonly MemoryLimit[], notice: Notice): void {
  const all = need.way === 'wasm' ? [...limits, WASM_LIMIT] : limits;
  const { bytes, which } = all.reduce((least, limit) => (limit.bytes < least.bytes ? limit : least));
  const estimate = need.peak(need.batch);
  if (estimate < WARNED * bytes) return;
  const refused = estimate > REFUSED * bytes;
  const needed = `${need.what} needs about ${gibibytes(estimate)} of memory`;
  const facts = `${needed}, and ${refused ? 'only ' : ''}${gibibytes(bytes)} ${which}`;
  // If none fits with room to spare, one that may just fit is better than nothing.
  const fitting = largestBatch(need, FITS * bytes) ?? largestBatch(need, bytes);
  const smaller =
    fitting !== undefined && fitting < need.batch
      ? `the largest batch that fits is ${fitting}: ${need.smaller(fitting)}`
      : undefined;
  if (refused) {
    const advice = smaller ?? `not even a batch of one image fits: ${need.otherwise}`;
    throw new UserError(`${facts}; ${advice}, or --no-memory-check to try it`, ExitCode.usage);
  }
  notice(`warning: ${facts}, so the system may end it; ${smaller ?? need.otherwise}`);
}

/**
 * The largest batch whose peak is below `bytes`.
 *
 * @returns undefined if not even a batch of one image is; at most `batch`
 */
export function largestBatch({ batch, peak }: Pick<MemoryNeed, 'batch' | 'peak'>, bytes: number): number | undefined {
  if (peak(1) >= bytes) return undefined;
  let [fits, tooLarge] = [1, batch + 1];
  while (tooLarge - fits > 1) {
    const middle = Math.floor((fits + tooLarge) / 2);
    if (peak(middle) < bytes) fits = middle;
    else tooLarge = middle;
  }
  return fits;
}
