import { createRequire } from 'node:module';
import { runtimeLocations } from '../../src/runtime/locations.ts';
import type { StderrCaptureAddon } from '../../src/runtime/native/addons.ts';

/** What is written to standard error meanwhile. */
export async function standardError(work: () => Promise<unknown>): Promise<string> {
  const capture: StderrCaptureAddon = createRequire(import.meta.url)(runtimeLocations().stderrCapture);
  let text = '';
  capture.captureStderr();
  try {
    await work();
  } finally {
    text = capture.releaseStderr();
  }
  return text;
}
