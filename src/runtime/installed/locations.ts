/** Where the native runtime is in the cache, and the status that the last set-up wrote. Loads no TensorFlow. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../cache-folder.ts';
import { runtimeIdentity } from './identity.ts';
import type { RuntimeKind } from './wheels.ts';

/** Result of the last set-up. Set-up writes it last, so everything that a status names is in place. */
export interface RuntimeStatus {
  readonly kind: RuntimeKind;
  /** Name of the runtime's folder in the cache's `runtimes`; absent if `kind` is 'none'. */
  readonly folder?: string | undefined;
  /** TensorFlow's version; absent if `kind` is 'none'. */
  readonly tensorflow?: string | undefined;
  /** Why no native runtime could be installed, in one line; absent if none was wanted. */
  readonly reason?: string;
}

/** Paths of an installed runtime. */
export interface RuntimeLocations {
  /** TensorFlow's libraries (`lib`), headers (`include`), NVIDIA's libraries (`nvidia`). */
  readonly dependencies: string;
  /** The binding of TensorFlow's C interface, compiled from the sources of @tensorflow/tfjs-node-gpu. */
  readonly binding: string;
  /** This project's addon with the interface `GraphSessionAddon` of `native/addons.ts`. */
  readonly graphSession: string;
  /** This project's addon with the interface `LibraryLoadAddon` of `native/addons.ts`. */
  readonly libraryLoad: string;
  /**
   * The library for LD_PRELOAD that has sockets listen on RESNET_BIND_ADDRESS instead of all interfaces; undefined where
   * there is no LD_PRELOAD.
   */
  readonly bindAddress: string | undefined;
}

/** The folder of the cache that holds the assembled runtimes, and what set-ups say of them. */
export function runtimesFolder(): string {
  return join(cacheFolder(), 'runtimes');
}

/** The file that holds the `RuntimeStatus` for this tool. */
export function statusFile(): string {
  return join(runtimesFolder(), `${runtimeIdentity()}.json`);
}

/** @returns the status of the last set-up in this cache; undefined if none has finished, or it cannot be read */
export function readRuntimeStatus(): RuntimeStatus | undefined {
  try {
    const status: unknown = JSON.parse(readFileSync(statusFile(), 'utf8'));
    return isStatus(status) ? status : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a status is what set-up writes: nobody else should, but it names a folder whose programs are loaded. */
function isStatus(value: unknown): value is RuntimeStatus {
  const { kind, folder, reason } = (value ?? {}) as Partial<Record<keyof RuntimeStatus, unknown>>;
  if (kind === 'none') return reason === undefined || typeof reason === 'string';
  return (kind === 'cpu' || kind === 'gpu') && typeof folder === 'string' && /^[0-9a-f]{16}$/.test(folder);
}

/** Paths in the folder of a runtime, which set-up assembles in this layout. */
export function locationsIn(folder: string): RuntimeLocations {
  const binary = (name: string, ending = 'node') => join(folder, 'lib', 'napi-v8', `${name}.${ending}`);
  return {
    dependencies: join(folder, 'deps'),
    binding: binary('tfjs_binding'),
    graphSession: binary('graph_session'),
    libraryLoad: binary('library_load'),
    bindAddress: process.platform === 'linux' ? binary('bind_address', 'so') : undefined,
  };
}

/** The libraries among a runtime's files that set-up has compiled. */
export function compiledIn({ binding, graphSession, libraryLoad, bindAddress }: RuntimeLocations): string[] {
  return [binding, graphSession, libraryLoad, ...(bindAddress === undefined ? [] : [bindAddress])];
}

let locations: RuntimeLocations | undefined;

/**
 * Paths of the installed runtime: all along a process the same ones, even if a set-up installs another meanwhile.
 *
 * @throws Error if no set-up has installed one
 */
export function runtimeLocations(): RuntimeLocations {
  const folder = locations === undefined ? readRuntimeStatus()?.folder : undefined;
  if (folder !== undefined) locations = locationsIn(join(runtimesFolder(), folder));
  if (locations === undefined) throw new Error('the native runtime is not installed');
  return locations;
}
