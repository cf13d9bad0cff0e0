/** SIGKILL at each call of a save: there is always a whole checkpoint, and the run resumes from it to the same end. */
import { join } from 'node:path';
import { beforeAll, describe, expect } from '@jest/globals';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { type Call, type CallFault, type CallKind, callsIn, noCallFaults } from './kill-at-call.ts';
import { expectResumedTo, expectSound, type FinishedRun, finishedRun } from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';
import { callsWhenResumed, resumeWith, runStoppedBeforeSave, type SavedFile, SIGKILL } from './stopped-run.ts';

const root = temporaryFolder();
const skip = noCallFaults ?? noTensorFlow;
const long = process.env.RESNET_LONG === '1';
const WHOLE = 'every checkpoint in the folder is whole, and there is one to resume from';

let whole: FinishedRun;
const folders = { last: '', best: '' };
beforeAll(async () => {
  if (skip !== undefined) return;
  const stopped = (['last', 'best'] as const).map((file) => runStoppedBeforeSave(root, file));
  [whole, folders.last = '', folders.best = ''] = await Promise.all([finishedRun(root), ...stopped]);
});

/**
 * A kill at the n-th call of a kind on the files with a prefix, in words and in fields; last, the pattern of the path
 * on which the killed process made that call.
 */
type Phase = readonly [when: string, files: string | undefined, kind: CallKind, call: number, at: RegExp];

const FOLDER = /\/stopped-before-\w+-\w+$/;
const TEMPORARY = { last: /\/last\.safetensors\..*\.tmp$/, best: /\/best\.safetensors\..*\.tmp$/ };
const LOG = /\/events\.ndjson\..*\.tmp$/;

/** The kills of one save in the order of its calls; a write is killed when it has written half of its bytes. */
const PHASES: Record<SavedFile, readonly Phase[]> = {
  // Before it is saved, one file of this name is opened and written to try the folder out, and it is read.
  last: [
    ['before the lock has its name', '.lock', 'link', 1, /\/\.lock\..*\.tmp$/],
    ['halfway through the log that is cut back', 'events.', 'write', 1, LOG],
    ['before the log that was cut back has its name', 'events.', 'rename', 1, LOG],
    ['before there is a temporary file', 'last.', 'open', 3, TEMPORARY.last],
    ['halfway through a tensor', 'last.', 'write', 100, TEMPORARY.last],
    ['before it is synced', 'last.', 'sync', 1, TEMPORARY.last],
    ['before it is read again', 'last.', 'open', 4, TEMPORARY.last],
    ['before the file before it has a second name', 'last.', 'link', 1, /\/last\.safetensors$/],
    ['before the second name is that of the previous file', 'last.', 'rename', 1, /\/last\.previous\..*\.tmp$/],
    ['before it has its name', 'last.', 'rename', 2, TEMPORARY.last],
  ],
  // Syncs in order: configuration, log and table, each with the folder, since they are replaced; then the appended log
  // and table, best with the folder, last with the folder.
  best: [
    ['halfway through the table of epochs that is cut back', 'metrics.', 'write', 1, /\/metrics\.csv\..*\.tmp$/],
    ['before it has its name', 'best.', 'rename', 2, TEMPORARY.best],
    ['before its folder is synced', undefined, 'sync', 10, FOLDER],
    ['between it and last', 'last.', 'open', 3, TEMPORARY.last],
    ['after last, before their folder is synced', undefined, 'sync', 12, FOLDER],
  ],
};

/** Every call of a file's first save, each write halfway too. */
function faultsOfSave(calls: readonly Call[], file: SavedFile): CallFault[] {
  const end = calls.findIndex(({ kind, detail }) => kind === 'rename' && detail.endsWith(`/${file}.safetensors`));
  const begin = calls.findIndex(({ path }) => path === calls[end]?.path);
  return calls.slice(begin, end + 1).flatMap(({ kind }, index): CallFault[] => {
    const kill: CallFault = { call: begin + index + 1, action: 'kill' };
    return kind === 'write' ? [kill, { ...kill, action: 'kill-halfway' }] : [kill];
  });
}

// Each run resumes where the one before it was killed, at the same step: so every kill's successor shows that the run
// can be resumed, and the last one that it is still the same run.
for (const file of ['last', 'best'] as const satisfies readonly SavedFile[]) {
  describe(`saving the second ${file}.safetensors`, () => {
    testFault(
      `${file}: SIGKILL at every call of its save`,
      `${WHOLE}, each time`,
      async (see) => {
        const files = `${file}.`;
        const faults = faultsOfSave(await callsWhenResumed(root, folders[file], files), file);
        for (const fault of faults) {
          expect(await resumeWith(folders[file], { files, fault })).toMatchObject({ code: SIGKILL });
          await expectSound(folders[file]);
        }
        see(`whole after each of ${faults.length} kills`);
        expect(faults.length).toBeGreaterThan(200);
      },
      { skip: long ? skip : 'it takes minutes; RESNET_LONG=1 does it', timeoutSeconds: 3600 },
    );

    for (const [index, [when, files, kind, call, at]] of PHASES[file].entries()) {
      testFault(
        `${file}: SIGKILL ${when}`,
        WHOLE,
        async (see) => {
          const list = join(root, `${file}-${index}`);
          const fault = { kind, call, action: kind === 'write' ? 'kill-halfway' : 'kill' } as const;
          const { code } = await resumeWith(folders[file], { ...(files === undefined ? {} : { files }), fault, list });
          const reached = callsIn(list).at(-1);
          see(`exit ${code} at ${reached?.kind} ${reached?.path}`);
          expect([code, reached?.kind, reached?.path]).toEqual([SIGKILL, kind, expect.stringMatching(at)]);
          await expectSound(folders[file]);
        },
        { skip },
      );
    }

    testFault(
      `${file}: resumed after all these kills`,
      'best, last and log are those of the run without a kill',
      async (see) => {
        await expectResumedTo(whole.outcome, folders[file]);
        see(`last ${whole.outcome.last}`);
      },
      { skip },
    );
  });
}
