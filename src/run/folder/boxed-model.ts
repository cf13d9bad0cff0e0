/** The model that comes with this tool, and the choice of it where there is no run. */
import { join } from 'node:path';
import type { Notice } from '../../errors.ts';
import { packageFolder } from '../../package-folder.ts';
import { findRun, holdsRun, type RunPlace } from './find-run.ts';
import { RUNS_FOLDER } from './run-files.ts';

/** The model that comes with this tool; `models/README.md` says how it was made. */
export const BOXED_MODEL = {
  /** Path from the package's folder. */
  path: join('models', 'mnist.safetensors'),
  trainedOn: 'MNIST',
  /** Fraction of the 10,000 test images classified correctly. */
  testAccuracy: 0.9964,
} as const;

/** The path of the model that comes with this tool. */
export function boxedModelPath(): string {
  return join(packageFolder(), BOXED_MODEL.path);
}

/**
 * Finds the run or the checkpoint that the user named, as `findRun`. If the user named nothing, and nothing is in the
 * usual folder of runs, it is the model that comes with this tool.
 *
 * @param run see `findRun`
 * @param parent the folder of runs that the user named; default: the usual folder, `RUNS_FOLDER`
 * @param notice called if `run` is two things, and if the model that comes with this tool is chosen
 * @throws UserError (checkpoint, io) as `findRun`; (io) also if the usual folder cannot be read
 */
export async function findModel(
  run: string | undefined,
  parent: string | undefined,
  notice: Notice,
): Promise<RunPlace> {
  if (run !== undefined || parent !== undefined || (await holdsRun(RUNS_FOLDER))) {
    return findRun(run, parent ?? RUNS_FOLDER, notice);
  }
  const { trainedOn, testAccuracy } = BOXED_MODEL;
  const facts = `${trainedOn}, ${(100 * testAccuracy).toFixed(2)} % test accuracy`;
  notice(`no run in ${RUNS_FOLDER}: using the model that comes with resnet (${facts})`);
  const checkpoint = boxedModelPath();
  return { folder: join(checkpoint, '..'), checkpoint };
}
