/** The native backend: TensorFlow through @tensorflow/tfjs-node-gpu and the binding that set-up built for it. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import util from 'node:util';
import type { DeviceChoice } from './choices.ts';
import { runtimeLocations } from './locations.ts';
import type { LibraryLoadAddon } from './native/addons.ts';
import type { NodeBackend } from './node-backend.ts';
import type { TensorFlowJs } from './tensor.ts';

const require = createRequire(import.meta.url);

export interface LoadedTensorFlow {
  readonly tf: TensorFlowJs;
  readonly backend: NodeBackend;
  /** Version of the native TensorFlow, e.g. `2.21.0`. */
  readonly version: string;
  readonly usesGpu: boolean;
  /** What TensorFlow wrote to standard error while it started: the reason where it found no GPU. */
  readonly log: string;
}

/**
 * Load the native backend and run one op on it, with TensorFlow's start-up chatter kept off the terminal
 * (`RESNET_DEBUG=1` lets it through).
 *
 * @throws Error where the binding is missing or cannot be loaded
 */
export async function loadTensorFlow(device: DeviceChoice): Promise<LoadedTensorFlow> {
  const { binding, libraryLoad } = runtimeLocations();
  if (!existsSync(binding)) throw new Error('its binding is missing');
  setEnvironment(device);
  restoreUtil();
  const debug = process.env.RESNET_DEBUG === '1';
  const addon: LibraryLoadAddon = require(libraryLoad);
  // An arena a thread costs 70 MiB in training, and gains no time (measured on 2 cores).
  if (process.env.MALLOC_ARENA_MAX === undefined) addon.shareMallocArena();
  const capturing = !debug && startCapture(addon);
  let log = '';
  let tf: TensorFlowJs;
  try {
    tf = require('@tensorflow/tfjs-node-gpu');
    await tf.setBackend('tensorflow'); // importing it does so once; another may have been chosen since
    tf.tidy(() => tf.matMul(tf.ones([1, 1]), tf.ones([1, 1])).dataSync()); // the device is opened by the first op
  } finally {
    if (capturing) log = addon.releaseStderr();
  }
  // Loading runs through 240 MiB of code that registers kernels, and of which a program uses a small part afterwards.
  addon.releaseLibraryPages('libtensorflow');
  const backend = tf.backend() as unknown as NodeBackend;
  return { tf, backend, version: String(backend.binding.TF_Version), usesGpu: backend.isUsingGpuDevice, log };
}

/** Where there is no place for a temporary file, TensorFlow's chatter on the terminal is the lesser evil. */
function startCapture(addon: LibraryLoadAddon): boolean {
  try {
    addon.captureStderr();
    return true;
  } catch {
    return false;
  }
}

/** TensorFlow reads these once, when its library is loaded. What the user has set is left alone. */
function setEnvironment(device: DeviceChoice): void {
  // oneDNN's kernels, which TensorFlow turns on by itself only with AVX512-VNNI, AVX512-BF16 or AMX: on an AVX2 machine
  // the same graph ran at 141 images/s without them and 687 with them.
  if (process.arch === 'x64') process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  // 0 all, 1 no information, 2 errors only. Someone who asks for a GPU and gets none needs the warnings that say why.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= process.env.RESNET_DEBUG === '1' ? '0' : device === 'gpu' ? '1' : '2';
  if (device === 'cpu') process.env.CUDA_VISIBLE_DEVICES = '-1';
}

/** Node 23 dropped `util.isNullOrUndefined`, which tfjs-node 4.22 still calls. */
function restoreUtil(): void {
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
}
