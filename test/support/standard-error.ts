/** Captures standard error, of native code too. */
import { createRequire } from 'node:module';
import { runtimeLocations } from '../../src/runtime/installed/locations.ts';
import type { LibraryLoadAddon } from '../../src/runtime/native/addons.ts';

/** Returns what is written to standard error while `work` runs. */
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
