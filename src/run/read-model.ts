/** Reads a checkpoint for a command, and refuses every fault that is the file's own: all commands refuse alike. */
import { type ModelFile, readModelFile } from '../model/model-file.ts';
import type { Architecture } from '../net/resnet.ts';
import { settingsIn } from './settings.ts';

/**
 * Reads a checkpoint as `readModelFile` does, and checks the settings of its run.
 *
 * @param check as in `readModelFile`
 * @throws UserError (checkpoint, io) as `readModelFile`, and (checkpoint) as `settingsIn`
 */
export async function readSoundModel(path: string, check?: (found: Architecture) => void): Promise<ModelFile> {
  const file = await readModelFile(path, check);
  const { metadata } = file;
  // Files of format 1 have no settings, and no run resumes from them.
  if (metadata?.settings || metadata?.progress) settingsIn(metadata, path);
  return file;
}
