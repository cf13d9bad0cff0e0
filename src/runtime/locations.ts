/** Where the native runtime lies inside node_modules, and what the last set-up left there. Loads no TensorFlow. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Which TensorFlow is installed: for the CPU, for NVIDIA GPUs (runs on the CPU too), or none at all. */
export type RuntimeKind = 'cpu' | 'gpu' | 'none';

/** What the last set-up achieved; written last, so a status means that everything it names is in place. */
export interface RuntimeStatus {
  kind: RuntimeKind;
  /** What the runtime was built from; another value means that set-up has work to do. */
  fingerprint: string;
  /** TensorFlow's version; absent where kind is 'none'. */
  tensorflow?: string;
  /** Why there is no native runtime, in one line; absent where none was wanted. */
  reason?: string;
}

export interface RuntimeLocations {
  /** The installed @tensorflow/tfjs-node-gpu. */
  package: string;
  /** Its `deps`: TensorFlow's libraries (`lib`), headers (`include`) and NVIDIA's libraries (`nvidia`). */
  dependencies: string;
  /** Its `lib`, the folder of the compiled binaries. */
  binaries: string;
  /** The package's own binding of TensorFlow's C interface. */
  binding: string;
  /** Our addons, whose interfaces are `GraphSessionAddon` and `LibraryLoadAddon` of `native/addons.ts`. */
  graphSession: string;
  libraryLoad: string;
  /** The file that holds the `RuntimeStatus`. */
  status: string;
}

/**
 * Finds the installed @tensorflow/tfjs-node-gpu the way Node does; the files named need not exist yet.
 *
 * @throws Node's MODULE_NOT_FOUND error where the npm package is not installed
 */
export function runtimeLocations(): RuntimeLocations {
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json'));
  return {
    package: folder,
    dependencies: join(folder, 'deps'),
    binaries: join(folder, 'lib'),
    binding: join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'),
    graphSession: join(folder, 'lib', 'napi-v8', 'graph_session.node'),
    libraryLoad: join(folder, 'lib', 'napi-v8', 'library_load.node'),
    status: join(folder, 'resnet-runtime.json'),
  };
}

/** @returns what the last set-up left, or undefined where none has finished since the package was installed */
export function readRuntimeStatus(): RuntimeStatus | undefined {
  try {
    return JSON.parse(readFileSync(runtimeLocations().status, 'utf8')) as RuntimeStatus;
  } catch {
    return undefined;
  }
}
