/** The environment of the workers that one command starts on this machine: who computes with what, and who may reach them. */
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { ExitCode, UserError } from '../../errors.ts';
import { readRuntimeStatus, runtimeLocations } from '../../runtime/installed/locations.ts';
import { LAUNCHED_VARIABLE } from './launched.ts';

/** One entry for each GPU that NVIDIA's driver for Linux knows. */
const NVIDIA_GPUS = '/proc/driver/nvidia/gpus';

/**
 * The environment of a worker: an equal share of the cores, or a GPU of its own, and a server that only this machine
 * reaches.
 *
 * @param own the launcher's environment
 * @param gpus as `gpusFor` gives them
 */
export function workerEnvironment(
  own: NodeJS.ProcessEnv,
  { rank, count, secret, gpus }: { rank: number; count: number; secret: string; gpus: readonly string[] },
): NodeJS.ProcessEnv {
  const threads = Math.max(1, Math.floor(availableParallelism() / count));
  return {
    TF_NUM_INTRAOP_THREADS: String(threads),
    // A second op at a time would take the core from the exchange: with one, steps of two workers took 6 to 8 % less time.
    TF_NUM_INTEROP_THREADS: String(threads),
    ...own,
    ...closedToOthers(own),
    ...(gpus.length === 0 ? {} : { CUDA_VISIBLE_DEVICES: gpus[rank] }),
    RESNET_CLUSTER_SECRET: secret,
    [LAUNCHED_VARIABLE]: String(count),
  };
}

/** Has TensorFlow's server listen on the loopback address alone, where the library is there that does it. */
function closedToOthers(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (readRuntimeStatus()?.folder === undefined) return {};
  const { bindAddress } = runtimeLocations();
  // LD_PRELOAD has spaces and colons between its paths, and no way to write them in one.
  if (bindAddress === undefined || /[\s:]/.test(bindAddress) || !existsSync(bindAddress)) return {};
  const LD_PRELOAD = [bindAddress, own.LD_PRELOAD].filter((path) => path).join(':');
  return { LD_PRELOAD, RESNET_BIND_ADDRESS: '127.0.0.1' };
}

/**
 * The GPUs that workers get, one each, as CUDA_VISIBLE_DEVICES names them.
 *
 * @param device the value of --device
 * @returns none if the workers compute on the CPU
 * @throws UserError (usage) if there are fewer than workers
 */
export function gpusFor(count: number, device: unknown, environment: NodeJS.ProcessEnv): readonly string[] {
  if (device === 'cpu' || readRuntimeStatus()?.kind !== 'gpu') return [];
  const named = environment.CUDA_VISIBLE_DEVICES?.split(',').map((name) => name.trim());
  const gpus = named?.filter((name) => name !== '' && name !== '-1') ?? drivers();
  if (gpus.length === 0 || gpus.length >= count) return gpus;
  throw new UserError(
    `--workers ${count} needs a GPU for each, and ${gpus.length === 1 ? 'there is 1' : `there are ${gpus.length}`}: give ` +
      `--workers ${gpus.length}, or --device cpu`,
    ExitCode.usage,
  );
}

function drivers(): string[] {
  return existsSync(NVIDIA_GPUS) ? readdirSync(NVIDIA_GPUS).map((_, index) => String(index)) : [];
}
