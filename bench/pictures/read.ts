/** Reads the digits of pictures, and prints how long that took and the process's peak memory: a part of `speed.ts`. */
import { readFileSync } from 'node:fs';
import { readDigits } from '../../src/image/read-digits.ts';

/** What is measured of a process. */
export interface Reading {
  /** Time for all pictures but the first, which is read before. */
  readonly seconds: number;
  /** Peak resident size of the process. */
  readonly peakMiB: number;
}

const [first = '', ...rest] = process.argv.slice(2);
const size = { height: 28, width: 28 };
await read([first]);
const began = performance.now();
await read(rest);
const seconds = (performance.now() - began) / 1000;
process.stdout.write(JSON.stringify({ seconds, peakMiB: peakMiB() } satisfies Reading));

async function read(paths: readonly string[]): Promise<void> {
  for await (const digit of readDigits(paths, size)) if (digit instanceof Error) throw digit;
}

/** Linux's `maxRSS` is never below what the parent had when it started this process. */
function peakMiB(): number {
  const [, kibibytes] =
    process.platform === 'linux' ? (/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []) : [];
  return Number(kibibytes ?? process.resourceUsage().maxRSS) / 1024;
}
