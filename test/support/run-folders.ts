/** Folders as runs leave them, made without a run. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckpointMetadata, encodeMetadata } from '../../src/checkpoint/metadata.ts';
import { saveCheckpoint } from '../../src/checkpoint/save-checkpoint.ts';
import type { ModelState } from '../../src/model/model.ts';
import { tensorsOf } from '../../src/model/model-tensors.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { LESSON, resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { METADATA, PROGRESS } from '../checkpoint/example.ts';
import { SETTINGS } from './runs.ts';
import { writeSafetensors } from './safetensors.ts';
import { initialState } from './states.ts';
import { temporaryFolder } from './temporary-folder.ts';

const root = temporaryFolder();

/** The time at which files are moved aside, and the place in their folder that they are moved to. */
export const now = new Date('2026-11-24T08:00:00Z');
export const ASIDE = join('earlier', '2026-11-24T08-00-00');

export const damaged = Buffer.from('not a checkpoint');

export const ARCHITECTURE = { ...LESSON, width: 1, channels: 1, classes: 10 };
export const PARAMETERS = parametersOf(traceShapes(resNet(ARCHITECTURE), [1, 28, 28]));
const weights = initialState(PARAMETERS);
/** A model with moments: its weights, and their squares. */
export const TRAINED: ModelState = {
  ...weights,
  optimizer: {
    step: PROGRESS.step,
    deadWeightScale: 1,
    first: weights.values,
    second: { get: (name) => weights.values.get(name)?.map((value) => value ** 2) },
  },
};

/**
 * Makes a run's folder with these files: checkpoints to resume from, of a newer format, of weights alone with these
 * changes to their metadata, or any bytes.
 */
export async function runFolder(
  files: Record<string, 'resumable' | 'later' | Partial<CheckpointMetadata> | Buffer>,
): Promise<string> {
  const folder = mkdtempSync(join(root, 'run-'));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    const { seed, validationSize } = METADATA;
    const settings = { ...SETTINGS, width: ARCHITECTURE.width, batchSize: 128, seed, validationSize };
    const metadata = { ...METADATA, architecture: ARCHITECTURE, settings };
    const resumable = { ...metadata, progress: PROGRESS };
    if (Buffer.isBuffer(content)) writeFileSync(path, content);
    else if (content === 'resumable') await saveCheckpoint(path, tensorsOf(PARAMETERS, TRAINED), resumable);
    else if (content === 'later') {
      const encoded = { ...encodeMetadata(resumable), 'resnet.format_version': '5' };
      writeSafetensors(path, tensorsOf(PARAMETERS, TRAINED), encoded);
    } else await saveCheckpoint(path, tensorsOf(PARAMETERS, weights), { ...metadata, ...content });
  }
  return folder;
}
