/** Decides which native runtime is wanted, and whether it is in place. It reads only small files. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import {
  compiledIn,
  locationsIn,
  type RuntimeStatus,
  readRuntimeStatus,
  runtimesFolder,
} from '../runtime/installed/locations.ts';
import { type RuntimeKind, tensorflowLibraries, wheelsOf } from '../runtime/installed/wheels.ts';

/** The runtime to install. */
export interface Plan {
  readonly kind: RuntimeKind;
  /** Whether the user named the runtime; a failure is then an error instead of a reason to run without it. */
  readonly explicit: boolean;
}

/** Files by which NVIDIA's driver is recognised: on Linux, and on the Windows Subsystem for Linux. */
const NVIDIA_DRIVER_FILES = ['/proc/driver/nvidia/version', '/usr/lib/wsl/lib/libcuda.so.1'];

/**
 * Chooses the runtime: the one that is asked for, else `RESNET_RUNTIME` (cpu, gpu or none) if it is set; otherwise the
 * GPU's if NVIDIA's driver is present and there is a wheel for the platform, else the CPU's.
 *
 * @throws UserError (usage) for any other value of RESNET_RUNTIME
 */
export function planRuntime(asked?: RuntimeKind): Plan {
  const wish = asked ?? (process.env.RESNET_RUNTIME || undefined);
  if (wish !== undefined && !isRuntimeKind(wish)) {
    throw new UserError(`RESNET_RUNTIME="${wish}" is not a runtime: choose cpu, gpu or none.`, ExitCode.usage);
  }
  const hasDriver = NVIDIA_DRIVER_FILES.some((file) => existsSync(file));
  return {
    kind: wish ?? automaticKind(`${process.platform}-${process.arch}`, hasDriver),
    explicit: wish !== undefined,
  };
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

/** Whether the last set-up carried out this plan and all its files still exist. */
export function isInPlace(plan: Plan): boolean {
  const status = readRuntimeStatus();
  if (status?.kind !== plan.kind || status.reason !== undefined) return false;
  return plan.kind === 'none' || areFilesInPlace(status);
}

/** Whether any earlier set-up, perhaps with another plan, has installed a native runtime whose files still exist. */
export function isUsable(): boolean {
  const status = readRuntimeStatus();
  return status !== undefined && areFilesInPlace(status);
}

function areFilesInPlace({ folder }: RuntimeStatus): boolean {
  if (folder === undefined) return false;
  const locations = locationsIn(join(runtimesFolder(), folder));
  const libraries = tensorflowLibraries(process.platform).map((name) => join(locations.dependencies, 'lib', name));
  return [...compiledIn(locations), ...libraries].every((file) => existsSync(file));
}
