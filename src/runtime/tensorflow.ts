/** Loads the native backend: TensorFlow through @tensorflow/tfjs-node-gpu and the binding that set-up built for it. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import type { DeviceChoice } from './choices.ts';
import { installedPackage } from './installed/identity.ts';
import { type RuntimeLocations, runtimeLocations } from './installed/locations.ts';
import type { LibraryLoadAddon } from './native/addons.ts';
import type { NodeBackend } from './node-backend.ts';
import type { TensorFlowJs } from './tensor.ts';

const require = createRequire(import.meta.url);

/** TensorFlow after it has been loaded. */
export interface LoadedTensorFlow {
  readonly tf: TensorFlowJs;
  readonly backend: NodeBackend;
  /** Version of the native TensorFlow, for example `2.21.0`. */
  readonly version: string;
  readonly usesGpu: boolean;
  /** Text that TensorFlow wrote to standard error while it started; it says why no GPU was found. */
  readonly log: string;
}

/**
 * Loads the native backend and runs one op on it. TensorFlow's start-up messages do not reach the terminal, unless
 * `RESNET_DEBUG=1` is set.
 *
 * @param locations where the runtime is; default: the installed one
 * @throws Error if the binding is missing or cannot be loaded
 */
export async function loadTensorFlow(
  device: DeviceChoice,
  { binding, libraryLoad }: RuntimeLocations = runtimeLocations(),
): Promise<LoadedTensorFlow> {
  if (!existsSync(binding)) throw new Error('its binding is missing');
  const restoreEnvironment = setEnvironment(device);
  restoreUtil();
  const debug = process.env.RESNET_DEBUG === '1';
  const addon: LibraryLoadAddon = require(libraryLoad);
  // One malloc arena per thread costs 70 MiB in training and saves no time (measured on 2 cores).
  if (process.env.MALLOC_ARENA_MAX === undefined) addon.shareMallocArena();
  const capturing = !debug && startCapture(addon);
  let log = '';
  let tf: TensorFlowJs;
  try {
    nameBinding(binding);
    tf = require('@tensorflow/tfjs-node-gpu');
    await tf.setBackend('tensorflow'); // the import sets it only once, and another may have been set since
    tf.tidy(() => tf.matMul(tf.ones([1, 1]), tf.ones([1, 1])).dataSync()); // the first op opens the device
  } finally {
    if (capturing) log = addon.releaseStderr();
    restoreEnvironment();
  }
  // Loading touches 240 MiB of code that registers kernels; a program uses a small part of it afterwards.
  addon.releaseLibraryPages('libtensorflow');
  const backend = tf.backend() as unknown as NodeBackend;
  return { tf, backend, version: String(backend.binding.TF_Version), usesGpu: backend.isUsingGpuDevice, log };
}

/**
 * Tells the npm package where the binding is. It asks the package `@mapbox/node-pre-gyp`, in whose place is one of our
 * own: `packages/binding-path`.
 */
function nameBinding(binding: string): void {
  const finder: { path?: string } = createRequire(
    join(installedPackage('@tensorflow/tfjs-node-gpu').folder, 'package.json'),
  )('@mapbox/node-pre-gyp');
  finder.path = binding;
}

/**
 * Starts to capture standard error. Without space for a temporary file TensorFlow's messages appear on the terminal,
 * which is better than to fail.
 *
 * @returns whether standard error is captured
 */
function startCapture(addon: LibraryLoadAddon): boolean {
  try {
    addon.captureStderr();
    return true;
  } catch {
    return false;
  }
}

/**
 * Sets TensorFlow's environment variables, which it reads once when its library is loaded. A variable that the user has
 * set keeps its value, except that `--device cpu` hides all GPUs while TensorFlow is loaded.
 *
 * @returns to be called after the first op: gives a variable of the user's its value again
 */
function setEnvironment(device: DeviceChoice): () => void {
  // TensorFlow enables oneDNN's kernels only on CPUs with AVX512-VNNI, AVX512-BF16 or AMX. On a CPU with AVX2 the same
  // graph ran at 141 images/s without them and at 687 with them.
  if (process.arch === 'x64') process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  // 0 is all messages, 1 warnings and errors, 2 errors only. If --device gpu finds no GPU, the warnings say why.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= process.env.RESNET_DEBUG === '1' ? '0' : device === 'gpu' ? '1' : '2';
  const { CUDA_VISIBLE_DEVICES: visible } = process.env;
  if (device === 'cpu') process.env.CUDA_VISIBLE_DEVICES = '-1';
  return () => {
    if (visible !== undefined) process.env.CUDA_VISIBLE_DEVICES = visible;
  };
}

/** Restores `util.isNullOrUndefined`, which Node 23 removed and tfjs-node 4.22 still calls. */
function restoreUtil(): void {
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
}
