/** A run that was stopped right before it saved a file, to be resumed while a call goes wrong. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { type Finished, resnet } from '../support/resnet.ts';
import { SAVING_RUN } from '../support/shared-run.ts';
import { type Call, type CallFault, callsIn, withCallFaults } from './kill-at-call.ts';
import { copyOf } from './resumable-run.ts';

export const SIGKILL = 137;

/** The file whose second save is looked at. Neither name is part of another's in the folder. */
export type SavedFile = 'last' | 'best';

/**
 * Number of calls that open the file before its second save: one that probes the folder (under this file's name), and
 * two for each save.
 */
const OPENED_BEFORE = { last: 3, best: 2 } as const;

/** Begins a run and kills it where it opens the file for its second save. */
export async function runStoppedBeforeSave(root: string, file: SavedFile): Promise<string> {
  const folder = mkdtempSync(join(root, `stopped-before-${file}-`));
  const fault: CallFault = { kind: 'open', call: OPENED_BEFORE[file] + 1, action: 'kill' };
  const environment = await withCallFaults(join(folder, `${file}.`), { fault });
  expect(await resnet([...SAVING_RUN, '--checkpoint-dir', folder], environment)).toMatchObject({ code: SIGKILL });
  return folder;
}

/** A fault at a call that concerns files of the folder. */
interface FolderFault {
  /** Prefix of the names of the files whose calls count; default: all files, and the folder itself. */
  readonly files?: string;
  readonly fault?: CallFault;
  readonly list?: string;
}

/** Resumes the run in a folder, while something goes wrong. */
export async function resumeWith(folder: string, { files, ...options }: FolderFault): Promise<Finished> {
  const environment = await withCallFaults(files === undefined ? folder : join(folder, files), options);
  return resnet(['train', '--resume', '--checkpoint-dir', folder], environment);
}

/** The calls that a run makes when it is resumed to its end, in a copy of the folder. */
export async function callsWhenResumed(root: string, folder: string, files: string): Promise<Call[]> {
  const copy = copyOf(root, folder);
  const list = `${copy}.list`;
  expect(await resumeWith(copy, { files, list })).toMatchObject({ code: 0 });
  return callsIn(list);
}
