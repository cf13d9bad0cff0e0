/** Small runs in folders with something wrong in them. */
import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Attempt, BINARY, command } from '../support/resnet.ts';
import { SMALL_RUN } from './small-run.ts';

/** The files that a run leaves in its folder. */
export const SAVED = ['best.safetensors', 'config.json', 'events.ndjson', 'last.safetensors', 'metrics.csv'];

export const newFolder = (root: string) => mkdtempSync(join(root, 'folder-'));

/**
 * Makes a small run.
 *
 * @param root folder whose new files, at any depth, are part of the result
 * @param folder the run's folder, below `root`
 * @param wrap changes the command
 */
export async function trainIn(root: string, folder: string, wrap = (words: string[]) => words): Promise<Attempt> {
  const before = filesBelow(root);
  const finished = await command(wrap([process.execPath, BINARY, ...SMALL_RUN, '--checkpoint-dir', folder]));
  return { ...finished, written: filesBelow(root).filter((path) => !before.includes(path)) };
}

const filesBelow = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' });
