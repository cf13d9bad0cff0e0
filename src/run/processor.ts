/** The facts about the processor that decide the last bits of a result. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/** Instruction sets by which TensorFlow and its libraries choose how they add and multiply, in Linux's spelling. */
const INSTRUCTION_SETS = [
  ...['avx', 'avx2', 'fma', 'f16c', 'avx_vnni'],
  ...['avx512f', 'avx512bw', 'avx512vl', 'avx512_vnni', 'avx512_bf16', 'avx512_fp16'],
  ...['amx_tile', 'amx_int8', 'amx_bf16', 'amx_fp16'],
  ...['asimd', 'asimdhp', 'asimddp', 'sve', 'sve2', 'i8mm', 'bf16'], // of ARM
];

/** What `computedOn` says about the processor. */
export interface ProcessorFacts {
  /** Threads that TensorFlow shares a sum between. */
  readonly threads: number;
  readonly processor: string;
}

/** The facts about this machine's processor. */
export function processorFacts(): ProcessorFacts {
  return { threads: computingThreads(), processor: processorFeatures() };
}

/** One for each core that the process may use, unless the environment gives TensorFlow another number. */
function computingThreads(): number {
  const given = Number(process.env.TF_NUM_INTRAOP_THREADS);
  return Number.isSafeInteger(given) && given > 0 ? given : availableParallelism();
}

/**
 * The processor's instruction sets, in a fixed order with spaces between, e.g. `avx avx2 fma f16c`; its model where the
 * system does not list them.
 */
function processorFeatures(): string {
  const listed = /^(?:flags|Features)\s*:(.*)$/m.exec(linuxProcessorInfo())?.[1]?.split(/\s+/) ?? [];
  const known = INSTRUCTION_SETS.filter((name) => listed.includes(name));
  return known.length > 0 ? known.join(' ') : (cpus()[0]?.model ?? process.arch);
}

/** Linux's description of the processors; empty on other systems. */
function linuxProcessorInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}
