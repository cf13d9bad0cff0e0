/** The most memory that a process of Node ever held. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Makes a Node process write down the most memory that it ever held. Its own status is asked where there is /proc,
 * because what `getrusage` says on Linux counts the process that it was forked from.
 */
const SCRIPT = `
/** The most memory that a process of Node ever held. */
import { readFileSync, writeFileSync } from 'node:fs';
process.on('exit', () => {
  let kilobytes = process.resourceUsage().maxRSS;
  if (process.platform === 'linux') kilobytes = /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
  writeFileSync(process.env.PEAK_MEMORY, String(kilobytes));
});`;

/** @returns the environment for the process, and how to read the result once it has ended */
export function peakMemory(folder: string): { environment: NodeJS.ProcessEnv; peakMiB: () => number } {
  const module = join(folder, 'peak-memory.mjs');
  const result = join(folder, 'peak-memory');
  writeFileSync(module, SCRIPT);
  const environment = { NODE_OPTIONS: `--import=${pathToFileURL(module)}`, PEAK_MEMORY: result };
  return { environment, peakMiB: () => Number(readFileSync(result, 'utf8')) / 1024 };
}
