/** Folders that live as long as a file of tests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** A folder of the test file's own, removed when its tests are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'resnet-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Makes a folder of files, each with its name as its text.
 *
 * @returns the folder's path
 */
export function folderOfFiles(path: string, files: readonly string[]): string {
  mkdirSync(path);
  for (const file of files) writeFileSync(join(path, file), file);
  return path;
}
