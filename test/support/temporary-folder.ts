/** Folders that live as long as a file of tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** A folder of the test file's own, removed when its tests are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'resnet-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
