/** Caches of a test's own, in which the tool finds the runtime that is installed here. */
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { runtimesFolder } from '../../src/runtime/installed/locations.ts';

/** The runtimes that are installed here, whatever RESNET_CACHE a test names later. */
const INSTALLED = runtimesFolder();

/**
 * Makes a folder, if need be, that is a cache without pictures but with the installed runtime.
 *
 * @returns the folder
 */
export function withRuntime(cache: string): string {
  mkdirSync(cache, { recursive: true });
  if (existsSync(INSTALLED)) symlinkSync(INSTALLED, join(cache, 'runtimes'));
  return cache;
}
