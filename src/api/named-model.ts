/** The checkpoint that settings name, read and checked. */
import { dirname } from 'node:path';
import type { Notice } from '../errors.ts';
import type { ModelFile } from '../model/model-file.ts';
import { dataDirOf, readRunConfig } from '../run/config.ts';
import { findModel } from '../run/folder/boxed-model.ts';
import { findRun, modelAt, type RunPlace } from '../run/folder/find-run.ts';
import { readSoundModel } from '../run/read-model.ts';

/** The flags that name a checkpoint. */
export interface ModelFlags {
  /** A run's name, its folder, or a checkpoint; default: the run in the folder. */
  readonly checkpoint?: string;
  readonly 'checkpoint-dir': string;
  /** Key of a PyTorch file; see `LoadOptions`. */
  readonly from?: string;
}

/** A checkpoint that was read. */
export interface NamedModel {
  /** Path of the checkpoint. */
  readonly checkpoint: string;
  readonly file: ModelFile;
}

/**
 * Finds the run that settings name.
 *
 * @throws UserError as `findRun`
 */
export function placeOf(flags: ModelFlags, notice: Notice): Promise<RunPlace> {
  return findRun(flags.checkpoint, flags['checkpoint-dir'], notice);
}

/**
 * Finds the model that settings name; where they name none and there is no run, the one that comes with this tool.
 *
 * @param given the settings that the caller gave
 * @throws UserError as `findModel`
 */
export function placeOfModel(given: Partial<ModelFlags>, notice: Notice): Promise<RunPlace> {
  return findModel(given.checkpoint, given['checkpoint-dir'], notice);
}

/**
 * Reads the model at a place.
 *
 * @throws UserError as `readSoundModel`
 */
export async function readModelAt(
  place: RunPlace,
  { from }: Pick<ModelFlags, 'from'>,
  notice: Notice,
): Promise<NamedModel> {
  const checkpoint = modelAt(place);
  return { checkpoint, file: await readSoundModel(checkpoint, { from, notice }) };
}

/** The path of the training data in the configuration of the run beside a checkpoint; undefined if it says none. */
export async function runDataDirOf(checkpoint: string): Promise<string | undefined> {
  return dataDirOf((await readRunConfig(dirname(checkpoint), () => {})) ?? {});
}
