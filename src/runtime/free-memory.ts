/** Returns unused memory to the operating system. */
import { createRequire } from 'node:module';
import { runtimeLocations } from './installed/locations.ts';
import type { LibraryLoadAddon } from './native/addons.ts';

/**
 * Returns memory that malloc holds and nothing uses to the operating system, for example after a graph was built and
 * optimised. Takes 4 ms.
 */
export function releaseFreeMemory(): void {
  const addon: LibraryLoadAddon = createRequire(import.meta.url)(runtimeLocations().libraryLoad);
  addon.releaseFreeMemory();
}
