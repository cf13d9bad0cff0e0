/** Makes the tarball that npm installs without compiling TypeScript. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { npm } from './npm.ts';
import { stagePackage } from './stage.ts';
import type { PackedFile } from './weights.ts';

/** A tarball. */
export interface Tarball {
  readonly path: string;
  /** Size of the tarball. */
  readonly bytes: number;
  readonly files: readonly PackedFile[];
}

/** What is read of npm's answer. */
interface Answer {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** Has `work` use a new temporary folder, which is removed afterwards. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'resnet-package-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Packs a clone.
 *
 * @param root the clone's folder, with dist/ up to date
 * @param destination folder for the tarball
 * @throws Error if npm fails, or if a bundled package is not as it is expected
 */
export function makeTarball(root: string, destination: string, signal: AbortSignal): Promise<Tarball> {
  return inTemporaryFolder(async (folder) => {
    stagePackage(root, folder);
    const words = ['pack', '--json', '--pack-destination', resolve(destination)];
    const { code, stdout, stderr } = await npm(words, folder, signal);
    if (code !== 0) throw new Error(`npm pack failed: ${stderr.trim()}`);
    const [answer] = Object.values(JSON.parse(stdout)) as Answer[]; // a list or, of newer npm, an object by names
    if (answer === undefined) throw new Error(`npm pack made no tarball: ${stdout}`);
    const files = answer.files.map(({ path, size }) => ({ path, bytes: size }));
    return { path: resolve(destination, answer.filename), bytes: answer.size, files };
  });
}
