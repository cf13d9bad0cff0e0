/** How much memory this process may take: the least of what the machine has, and of the limits that are set. */
import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { gibibytes } from './amounts.ts';
import { groupLimits, type ReadText } from './control-groups.ts';

/** Memory that this process may have in all, by one limit. */
export interface MemoryLimit {
  /** What the process has already is counted in. */
  readonly bytes: number;
  /** Which limit it is: the end of a sentence that begins with the amount. */
  readonly which: string;
}

/**
 * Address space that TensorFlow's libraries and threads take beyond the memory that they use (bytes; measured with
 * TensorFlow 2.21).
 */
const UNUSED_ADDRESSES_BYTES = 600 * 2 ** 20;

/** Every limit on this process's memory, at least one. */
export function memoryLimits(read: ReadText = readText): MemoryLimit[] {
  const status = read('/proc/self/status') ?? '';
  const own = kibibytesIn(status, 'VmRSS') ?? process.memoryUsage.rss();
  const free = kibibytesIn(read('/proc/meminfo') ?? '', 'MemAvailable');
  // macOS and Windows call memory taken that they would give up at once, so all of it counts as free there.
  const machine =
    free === undefined
      ? { bytes: totalmem(), which: 'is in this machine' }
      : { bytes: free + own, which: 'is free on this machine' };
  const groups = groupLimits(read).map(({ path, limitBytes, usedBytes }): MemoryLimit => {
    const bytes = Math.max(0, limitBytes - Math.max(0, usedBytes - own));
    return { bytes, which: `is left of the control group's ${gibibytes(limitBytes)} (${path})` };
  });
  const addresses = addressLimit(read('/proc/self/limits') ?? '');
  if (addresses === undefined) return [machine, ...groups];
  const unused = (kibibytesIn(status, 'VmSize') ?? own) - own + UNUSED_ADDRESSES_BYTES;
  const bytes = Math.max(0, addresses - unused);
  const which = `is left of the ${gibibytes(addresses)} of address space (ulimit -v)`;
  return [machine, ...groups, { bytes, which }];
}

/** Part of the memory that images take unless the user says: they lie in it twice, as the graph has a copy. */
const DATA_FRACTION = 1 / 4;

/** Most bytes of images that are held in memory unless the user says: a quarter of what the process may have. */
export function usualDataMemory(read: ReadText = readText): number {
  return Math.floor(DATA_FRACTION * Math.min(...memoryLimits(read).map(({ bytes }) => bytes)));
}

/**
 * The address-space limit in `/proc/self/limits` (bytes).
 *
 * @returns undefined if there is none
 */
export function addressLimit(limits: string): number | undefined {
  const digits = /^Max address space\s+(\d+)\s/m.exec(limits)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * A field of `/proc/meminfo` or `/proc/self/status` in bytes.
 *
 * @returns undefined if the text has no such field
 */
export function kibibytesIn(text: string, field: string): number | undefined {
  const digits = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return digits === undefined ? undefined : 1024 * Number(digits);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
