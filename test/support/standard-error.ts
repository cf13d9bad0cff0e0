import { createRequire } from 'node:module';
import { runtimeLocations } from '../../src/runtime/locations.ts';
import type { LibraryLoadAddon } from '../../src/runtime/native/addons.ts';

/** What is written to standard error meanwhile. */
export async function standardError(work: () => Promise<unknown>): Promise<string> {
  const capture: LibraryLoadAddon = createRequire(import.meta.url)(runtimeLocations().libraryLoad);
  let text = '';
  capture.captureStderr();
  try {
    await work();
  } finally {
    text = capture.releaseStderr();
  }
  return text;
}
