import { createRequire } from 'node:module';
import { runtimeLocations } from './locations.ts';
import type { LibraryLoadAddon } from './native/addons.ts';

/** Gives the memory back to the system that nothing uses any more, as after a graph was made and optimised; 4 ms. */
export function releaseFreeMemory(): void {
  const addon: LibraryLoadAddon = createRequire(import.meta.url)(runtimeLocations().libraryLoad);
  addon.releaseFreeMemory();
}
