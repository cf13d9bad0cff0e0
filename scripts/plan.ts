/** Which native runtime is wanted here, and whether it is in place already. Runs at every start, so it only looks at small files. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ExitCode, UserError } from '../src/errors.ts';
import { type RuntimeKind, readRuntimeStatus, runtimeLocations } from '../src/runtime/locations.ts';
import { tensorflowLibraries, wheelsOf } from './wheels.ts';

/** What to install. */
export interface Plan {
  kind: RuntimeKind;
  /** The user named the runtime, so a failure is an error instead of a reason to do without. */
  explicit: boolean;
  /** Changes with everything that the installed runtime is made from. */
  fingerprint: string;
}

/** Files that NVIDIA's driver makes: on Linux, and on Linux inside Windows. */
const DRIVER_FILES = ['/proc/driver/nvidia/version', '/usr/lib/wsl/lib/libcuda.so.1'];

/**
 * Reads the wish from `RESNET_RUNTIME` (cpu, gpu or none); without it the runtime is for the GPU where NVIDIA's driver is
 * present and there is a wheel for it, else for the CPU.
 *
 * @param root the project's folder
 * @throws UserError (usage) for any other value of RESNET_RUNTIME
 */
export function planRuntime(root: string): Plan {
  const wish = process.env.RESNET_RUNTIME || undefined;
  if (wish !== undefined && !isRuntimeKind(wish)) {
    throw new UserError(`RESNET_RUNTIME="${wish}" is not a runtime: choose cpu, gpu or none.`, ExitCode.usage);
  }
  const hasDriver = DRIVER_FILES.some((file) => existsSync(file));
  const kind = wish ?? automaticKind(`${process.platform}-${process.arch}`, hasDriver);
  return { kind, explicit: wish !== undefined, fingerprint: fingerprint(root, kind) };
}

function isRuntimeKind(text: string): text is RuntimeKind {
  return text === 'cpu' || text === 'gpu' || text === 'none';
}

/**
 * @param platform Node's `platform-arch`
 * @param hasDriver whether NVIDIA's driver is present
 * @returns the runtime for a machine whose user has not named one
 */
export function automaticKind(platform: string, hasDriver: boolean): RuntimeKind {
  return hasDriver && wheelsOf(platform, 'gpu') !== undefined ? 'gpu' : 'cpu';
}

/** Covers set-up's own code, because that pins the wheels and the compiler's flags. */
function fingerprint(root: string, kind: RuntimeKind): string {
  const hash = createHash('sha256').update(`${kind} ${process.platform} ${process.arch}`);
  for (const folder of [import.meta.dirname, nativeSources(root)]) {
    for (const file of filesBelow(folder)) hash.update(relative(folder, file)).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** @returns the folder that holds the C++ sources of each of our addons in a folder of its name */
export function nativeSources(root: string): string {
  return join(root, 'src', 'runtime', 'native');
}

/** @returns whether the last set-up did what the plan asks for, and all of it is still there */
export function isInPlace(plan: Plan): boolean {
  const status = readRuntimeStatus();
  if (status?.fingerprint !== plan.fingerprint || status.reason !== undefined) return false;
  return plan.kind === 'none' || areFilesInPlace();
}

/** @returns whether some set-up, perhaps for another plan, has left a native runtime that is still there */
export function isUsable(): boolean {
  const status = readRuntimeStatus();
  return status !== undefined && status.kind !== 'none' && areFilesInPlace();
}

function areFilesInPlace(): boolean {
  const { binding, graphSession, libraryLoad, dependencies } = runtimeLocations();
  const libraries = tensorflowLibraries(process.platform).map((name) => join(dependencies, 'lib', name));
  return [binding, graphSession, libraryLoad, ...libraries].every((file) => existsSync(file));
}
