/** Opens a runtime, that is, a backend on a device: the entry point of this folder. */
import { ExitCode, UserError } from '../errors.ts';
import type { BackendChoice, DeviceChoice } from './choices.ts';
import { setUpCommand } from './installed/advice.ts';
import { readRuntimeStatus } from './installed/locations.ts';
import { whyUnreadable } from './installed/permissions.ts';
import type { Ops } from './ops.ts';
import { plainOps } from './plain-ops.ts';
import type { TensorFlowJs } from './tensor.ts';
import { type LoadedTensorFlow, loadTensorFlow } from './tensorflow.ts';
import { tensorflowOps } from './tensorflow-ops.ts';
import { loadWasm } from './wasm.ts';

/** The backend and the device that the user has chosen. */
export interface RuntimeChoice {
  /** Default `auto`: TensorFlow if set-up has installed it, otherwise WebAssembly. */
  readonly backend?: BackendChoice;
  /** Default `auto`: a GPU if TensorFlow finds one, otherwise the CPU. */
  readonly device?: DeviceChoice;
}

/** An open backend on a device. */
export interface Runtime {
  readonly backend: 'tensorflow' | 'wasm';
  readonly device: 'gpu' | 'cpu';
  /** Version of TensorFlow; on WebAssembly, of TensorFlow.js. */
  readonly version: string;
  /** Why the runtime is slower than it could be, for the user; absent if it is not. */
  readonly notice?: string;
  readonly tf: TensorFlowJs;
  readonly ops: Ops;
}

/**
 * Loads the chosen backend, which becomes the current one of TensorFlow.js: only one runtime computes at a time.
 *
 * @throws UserError (device) if a backend or device that the user named is not available; it is never replaced by
 *   another
 */
export async function openRuntime({ backend = 'auto', device = 'auto' }: RuntimeChoice = {}): Promise<Runtime> {
  if (backend === 'wasm') {
    if (device === 'gpu') throw unavailable('--device gpu', 'the wasm backend computes on the CPU only');
    return openWasm();
  }
  const loaded = await tryTensorFlow(device);
  if (typeof loaded !== 'string') return openTensorFlow(loaded, device);
  if (backend === 'tensorflow') throw unavailable('--backend tensorflow', loaded);
  if (device === 'gpu') throw unavailable('--device gpu', loaded);
  return openWasm(`${loaded}; running on the portable WebAssembly backend`);
}

/** What to do so that TensorFlow computes, where WebAssembly does. */
export function tensorflowAdvice(): string {
  return isSwitchedOff() ? 'leave out RESNET_RUNTIME=none' : `run ${setUpCommand()}`;
}

/** Whether the user keeps TensorFlow from being loaded. */
export function isSwitchedOff(): boolean {
  return process.env.RESNET_RUNTIME === 'none';
}

/**
 * Checks that the user lets several workers have what they need, before any work.
 *
 * @throws UserError (device) if TensorFlow is switched off
 */
export function refuseSwitchedOff(): void {
  if (!isSwitchedOff()) return;
  throw new UserError(
    `several workers need TensorFlow, which RESNET_RUNTIME=none switches off: ${tensorflowAdvice()}, or use one process`,
    ExitCode.device,
  );
}

/** Why TensorFlow is not available, as far as that is known without loading it. */
export function whyMissing(): string | undefined {
  if (isSwitchedOff()) return 'TensorFlow is switched off by RESNET_RUNTIME=none';
  const status = readRuntimeStatus();
  if (status === undefined) return notLoaded() ?? `TensorFlow is not installed: run ${setUpCommand()}`;
  if (status.kind !== 'none') return undefined;
  return `TensorFlow is not installed (${status.reason?.replace(/\.$/, '') ?? `set up without it; ${setUpCommand()} installs it`})`;
}

/** The loaded backend, or the reason why TensorFlow is not available. */
async function tryTensorFlow(device: DeviceChoice): Promise<LoadedTensorFlow | string> {
  const missing = whyMissing();
  if (missing !== undefined) return missing;
  try {
    return await loadTensorFlow(device);
  } catch (error) {
    return notLoaded() ?? `TensorFlow cannot be loaded (${firstLine(error)}): run ${setUpCommand()}`;
  }
}

/** The reason why TensorFlow cannot be loaded, if it is that this user may not read it. */
function notLoaded(): string | undefined {
  const why = whyUnreadable();
  return why === undefined ? undefined : `TensorFlow cannot be loaded: ${why}`;
}

/** The runtime on a loaded TensorFlow, if it has the chosen device. */
function openTensorFlow(loaded: LoadedTensorFlow, device: DeviceChoice): Runtime {
  const { tf, backend, version, usesGpu } = loaded;
  if (device === 'gpu' && !usesGpu) throw unavailable('--device gpu', whyNoGpu(loaded.log));
  return { backend: 'tensorflow', device: usesGpu ? 'gpu' : 'cpu', version, tf, ops: tensorflowOps(tf, backend) };
}

/** Loads WebAssembly as the runtime. */
async function openWasm(notice?: string): Promise<Runtime> {
  const tf = await loadWasm();
  const runtime: Runtime = { backend: 'wasm', device: 'cpu', version: tf.version.tfjs, tf, ops: plainOps(tf) };
  return notice === undefined ? runtime : { ...runtime, notice };
}

/** Why TensorFlow uses no GPU: its own log message if it wrote one, otherwise the likely reason. */
function whyNoGpu(log: string): string {
  if (readRuntimeStatus()?.kind !== 'gpu') {
    return `the installed TensorFlow is the CPU build; run RESNET_RUNTIME=gpu ${setUpCommand()}`;
  }
  if (process.env.CUDA_VISIBLE_DEVICES !== undefined) {
    return `TensorFlow sees no GPU with CUDA_VISIBLE_DEVICES=${JSON.stringify(process.env.CUDA_VISIBLE_DEVICES)}`;
  }
  const line = log.split('\n').find((text) => /cuda|gpu|nvidia/i.test(text));
  // Keep only the message of a line such as "2026-11-24 08:00:00.000000: E external/…/cuda_diagnostics.cc:88] message".
  const message = line?.replace(/^.*?\.cc:\d+\] /, '').trim();
  return message ?? 'TensorFlow found none; is the NVIDIA driver loaded (nvidia-smi)?';
}

function unavailable(option: string, reason: string): UserError {
  return new UserError(`${option} is not available: ${reason}`, ExitCode.device);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
