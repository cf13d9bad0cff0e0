/** One small run that many tests look at, trained by the first of them that asks. */
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { TrainSettings } from '../../src/api/setting-types.ts';
import { resnet } from './resnet.ts';

/**
 * The command line of two epochs of two steps, saved after every step, in 2 s. Both epochs are the best when they end,
 * so that best is replaced too. Op by op, because a graph's recording takes longer than all the rest.
 */
export const SAVING_RUN = [
  'train',
  ...['--recipe', 'lesson', '--width', '4', '--no-compile', '--batch-size', '16'],
  ...['--limit-train', '32', '--limit-val', '16', '--save-interval', '1', '--log-interval', '1'],
];

/** The same as settings of the library. */
export const SAVING_SETTINGS: TrainSettings = {
  ...{ recipe: 'lesson', width: 4, noCompile: true, batchSize: 16 },
  ...{ limitTrain: 32, limitVal: 16, saveInterval: 1, logInterval: 1 },
};

/**
 * Copies the folder of a finished SAVING_RUN.
 *
 * @param copy a folder that does not exist yet, or is empty
 */
export async function copySharedRun(copy: string): Promise<void> {
  cpSync(await sharedRun(), copy, { recursive: true });
}

/** The folder of the run. Two processes that ask at once may both train it; it gets its name when it is complete. */
async function sharedRun(): Promise<string> {
  const root = process.env.RESNET_SHARED_TEST_FOLDER ?? '';
  const folder = join(root, 'run');
  if (existsSync(folder)) return folder;
  const made = mkdtempSync(join(root, 'making-'));
  expect(await resnet([...SAVING_RUN, '--checkpoint-dir', made])).toMatchObject({ code: 0, stderr: '' });
  try {
    renameSync(made, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(made, { recursive: true });
  }
  return folder;
}
