/**
 * Decides which native runtime is wanted and whether it is in place. Every `npm run setup` does this, so it reads only
 * small files.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { cacheFolder } from '../src/cache-folder.ts';
import { ExitCode, UserError } from '../src/errors.ts';
import { type RuntimeKind, readRuntimeStatus, runtimeLocations } from '../src/runtime/locations.ts';
import { tensorflowLibraries, wheelsOf } from './wheels.ts';

/** The runtime to install. */
export interface Plan {
  kind: RuntimeKind;
  /** Whether the user named the runtime; a failure is then an error instead of a reason to run without it. */
  explicit: boolean;
  /** Hash of everything that the installed runtime is made from. */
  fingerprint: string;
}

/** Files by which NVIDIA's driver is recognised: on Linux, and on the Windows Subsystem for Linux. */
const NVIDIA_DRIVER_FILES = ['/proc/driver/nvidia/version', '/usr/lib/wsl/lib/libcuda.so.1'];

/**
 * Chooses the runtime: `RESNET_RUNTIME` (cpu, gpu or none) if it is set; otherwise the GPU's if NVIDIA's driver is
 * present and there is a wheel for the platform, else the CPU's.
 *
 * @param root the project's folder
 * @throws UserError (usage) for any other value of RESNET_RUNTIME
 */
export function planRuntime(root: string): Plan {
  const wish = process.env.RESNET_RUNTIME || undefined;
  if (wish !== undefined && !isRuntimeKind(wish)) {
    throw new UserError(`RESNET_RUNTIME="${wish}" is not a runtime: choose cpu, gpu or none.`, ExitCode.usage);
  }
  const hasDriver = NVIDIA_DRIVER_FILES.some((file) => existsSync(file));
  const kind = wish ?? automaticKind(`${process.platform}-${process.arch}`, hasDriver);
  return { kind, explicit: wish !== undefined, fingerprint: fingerprint(root, kind) };
}

function isRuntimeKind(text: string): text is RuntimeKind {
  return text === 'cpu' || text === 'gpu' || text === 'none';
}

/**
 * The runtime for a machine whose user has not named one.
 *
 * @param platform Node's `platform-arch`
 * @param hasDriver whether NVIDIA's driver is present
 */
export function automaticKind(platform: string, hasDriver: boolean): RuntimeKind {
  return hasDriver && wheelsOf(platform, 'gpu') !== undefined ? 'gpu' : 'cpu';
}

/** Hash of the runtime's kind, the platform, the C++ sources and set-up's own code, which pins wheels and flags. */
function fingerprint(root: string, kind: RuntimeKind): string {
  const hash = createHash('sha256').update(`${kind} ${process.platform} ${process.arch}`);
  for (const folder of [import.meta.dirname, nativeSources(root)]) {
    for (const file of filesBelow(folder)) hash.update(relative(folder, file)).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Paths of all files below a folder, sorted. */
function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Folder of the C++ sources; each of this project's addons has a folder of its own in it. */
export function nativeSources(root: string): string {
  return join(root, 'src', 'runtime', 'native');
}

/** Whether the last set-up carried out this plan and all its files still exist. */
export function isInPlace(plan: Plan): boolean {
  const status = readRuntimeStatus();
  if (status?.fingerprint !== plan.fingerprint || status.reason !== undefined) return false;
  return plan.kind === 'none' || (areFilesInPlace() && isInWantedCache());
}

/** Whether the runtime is in the cache that the user names: by naming another, its owner opens it to other users. */
function isInWantedCache(): boolean {
  if (!process.env.RESNET_CACHE) return true;
  const cache = cacheFolder();
  return existsSync(cache) && realpathSync(runtimeLocations().binaries).startsWith(join(realpathSync(cache), sep));
}

/** Whether any earlier set-up, perhaps with another plan, has installed a native runtime whose files still exist. */
export function isUsable(): boolean {
  const status = readRuntimeStatus();
  return status !== undefined && status.kind !== 'none' && areFilesInPlace();
}

function areFilesInPlace(): boolean {
  const { binding, graphSession, libraryLoad, dependencies } = runtimeLocations();
  const libraries = tensorflowLibraries(process.platform).map((name) => join(dependencies, 'lib', name));
  return [binding, graphSession, libraryLoad, ...libraries].every((file) => existsSync(file));
}
