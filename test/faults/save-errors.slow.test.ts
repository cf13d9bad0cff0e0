/** Saves that the system refuses: exit 5, what was there before stays whole, and nothing is left beside it. */
import { join } from 'node:path';
import { beforeAll, describe, expect } from '@jest/globals';
import type { Finished } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { type CallFault, noCallFaults } from './kill-at-call.ts';
import { copyOf, expectEndOf, type FinishedRun, finishedRun, leftBehind, sha256 } from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';
import { resumeWith, runStoppedBeforeSave } from './stopped-run.ts';

const root = temporaryFolder();
const skip = noCallFaults ?? noTensorFlow;

let whole: FinishedRun;
let stopped: string;
beforeAll(async () => {
  if (skip !== undefined) return;
  [whole, stopped] = await Promise.all([finishedRun(root), runStoppedBeforeSave(root, 'last')]);
});

/** Resumes the run that was stopped before it saved a second time. */
async function goneOnWith(files: string, fault: CallFault): Promise<Finished & { folder: string }> {
  const folder = copyOf(root, stopped);
  return { folder, ...(await resumeWith(folder, { files, fault })) };
}

function testRefusedSave(files: string, fault: CallFault, message: string): void {
  const { kind, action } = fault;
  testFault(
    `${action} at a ${kind} of ${files}*`,
    `exit 5: ${message}; last is as it was, and nothing is left beside it`,
    async (see) => {
      const { folder, code, stderr } = await goneOnWith(files, fault);
      see(`exit ${code}: ${stderr}`);
      expect(stderr).toMatch(/^resnet: [^\n]*\n$/);
      expect(stderr.replace(/\d+ bytes/, '… bytes')).toContain(message);
      expect([code, leftBehind(folder)]).toEqual([5, []]);
      const [before, after] = [stopped, folder].map((each) => sha256(join(each, 'last.safetensors')));
      expect(after).toBe(before);
    },
    { skip },
  );
}

const noRoom = (code: string) => `could not be written: no room (${code}): … bytes are needed; free some and run again`;

describe('saving the second last.safetensors:', () => {
  // The first write is to try the folder out; the header is the next, and the tensors follow.
  const middle = { kind: 'write', call: 100 } as const;
  const failed = 'last.safetensors: could not be written: EIO';
  testRefusedSave('last.', { ...middle, action: 'ENOSPC from here on' }, `last.safetensors: ${noRoom('ENOSPC')}`);
  testRefusedSave('last.', { kind: 'sync', call: 1, action: 'ENOSPC' }, `last.safetensors: ${noRoom('ENOSPC')}`);
  testRefusedSave('last.', { kind: 'link', call: 1, action: 'EIO' }, failed);
  testRefusedSave('last.', { kind: 'rename', call: 2, action: 'EIO' }, failed);

  testFault(
    'short at a write of last.*',
    'the rest is written by another write; the run ends as without the fault',
    async (see) => {
      const { folder, code, stderr } = await goneOnWith('last.', { ...middle, action: 'short' });
      see(`exit ${code}: ${stderr}`);
      expect(code).toBe(0);
      expectEndOf(whole.outcome, folder);
    },
    { skip },
  );

  testFault(
    'a file system without second names: EPERM at every link',
    'the run ends as without the fault, and the previous file is kept all the same',
    async (see) => {
      const { folder, code, stderr } = await goneOnWith('last.', {
        kind: 'link',
        call: 1,
        action: 'EPERM from here on',
      });
      see(`exit ${code}: ${stderr}`);
      expect(code).toBe(0);
      expectEndOf(whole.outcome, folder);
      const previous = 'last.previous.safetensors';
      expect(sha256(join(folder, previous))).toBe(sha256(join(whole.folder, previous)));
    },
    { skip },
  );
});

describe('writing other files of the run:', () => {
  testRefusedSave('events.', { kind: 'sync', call: 2, action: 'EIO' }, 'events.ndjson: could not be written: EIO');
  testRefusedSave('events.', { kind: 'write', call: 2, action: 'ENOSPC' }, `events.ndjson: ${noRoom('ENOSPC')}`);
  testRefusedSave('metrics.', { kind: 'sync', call: 1, action: 'EIO' }, 'metrics.csv: could not be written: EIO');
  testRefusedSave('config.', { kind: 'write', call: 1, action: 'ENOSPC' }, `config.json: ${noRoom('ENOSPC')}`);
  testRefusedSave('.lock', { kind: 'write', call: 1, action: 'EDQUOT' }, `.lock: ${noRoom('EDQUOT')}`);
  const trial = { kind: 'write', call: 1, action: 'ENOSPC' } as const;
  testRefusedSave('last.', trial, 'not a folder that can be written to (ENOSPC); choose another');
});
