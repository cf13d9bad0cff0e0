/** Paths of the native runtime inside node_modules, and the status that the last set-up wrote. Loads no TensorFlow. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Which TensorFlow is installed: the CPU build, the build for NVIDIA GPUs (which also runs on the CPU), or none. */
export type RuntimeKind = 'cpu' | 'gpu' | 'none';

/** Result of the last set-up. Set-up writes it last, so everything that a status names is in place. */
export interface RuntimeStatus {
  kind: RuntimeKind;
  /** Hash of everything that the runtime was built from; set-up runs again if it changes. */
  fingerprint: string;
  /** TensorFlow's version; absent if `kind` is 'none'. */
  tensorflow?: string;
  /** Why no native runtime could be installed, in one line; absent if none was wanted. */
  reason?: string;
}

/** Paths of the native runtime. */
interface RuntimeLocations {
  /** Folder of the installed @tensorflow/tfjs-node-gpu. */
  package: string;
  /**
   * Folder `deps` of the package: TensorFlow's libraries (`lib`), headers (`include`), NVIDIA's libraries (`nvidia`).
   */
  dependencies: string;
  /** Folder `lib` of the package: the compiled binaries. */
  binaries: string;
  /** The package's own binding of TensorFlow's C interface. */
  binding: string;
  /** This project's addon with the interface `GraphSessionAddon` of `native/addons.ts`. */
  graphSession: string;
  /** This project's addon with the interface `LibraryLoadAddon` of `native/addons.ts`. */
  libraryLoad: string;
  /** The file that holds the `RuntimeStatus`. */
  status: string;
}

/**
 * Finds the installed @tensorflow/tfjs-node-gpu as Node does. The files need not exist yet.
 *
 * @throws Node's MODULE_NOT_FOUND error if the npm package is not installed
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

/** @returns the status of the last set-up; undefined if none has finished since the package was installed */
export function readRuntimeStatus(): RuntimeStatus | undefined {
  try {
    return JSON.parse(readFileSync(runtimeLocations().status, 'utf8')) as RuntimeStatus;
  } catch {
    return undefined;
  }
}
