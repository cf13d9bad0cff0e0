/** Names the machine that a benchmark ran on. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/**
 * The processor, its class and what runs on it.
 *
 * @param versions of what is measured, beside that of Node
 */
export function machine(...versions: readonly string[]): string {
  const flags = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : ''; // absent on macOS
  const avx512 = flags.includes('avx512f') ? 'AVX-512' : 'no AVX-512';
  const date = new Date().toISOString().slice(0, 10);
  const programs = [`Node ${process.versions.node}`, ...versions].join(', ');
  return `${cpus()[0]?.model.trim()}, ${avx512}, ${availableParallelism()} cores; ${programs}; ${date}`;
}
