/** SIGKILL at each call of a save: there is always a whole checkpoint, and the run goes on from it to the same end. */
import { join } from 'node:path';
import { beforeAll, describe, expect } from '@jest/globals';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { type Call, type CallFault, callsIn, noCallFaults } from './kill-at-call.ts';
import { expectResumedTo, expectSound, type FinishedRun, uninterruptedRun } from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';
import {
  callsWhenResumed,
  type FolderFault,
  firstSave,
  resumeWith,
  runStoppedBeforeSave,
  type SavedFile,
  SIGKILL,
} from './stopped-run.ts';

const root = temporaryFolder();
const skip = noCallFaults ?? noTensorFlow;
const long = process.env.RESNET_LONG === '1';

const WHOLE = 'every checkpoint in the folder is whole, and there is one to go on from';

let whole: FinishedRun;
beforeAll(async () => {
  if (skip === undefined) whole = await uninterruptedRun(root);
});

/** A kind of call in a save, and how to find one. */
interface Phase {
  readonly when: string;
  readonly action?: CallFault['action'];
  readonly find: (save: readonly Call[]) => number;
}

const first = (kind: Call['kind']) => (save: readonly Call[]) => save.findIndex((call) => call.kind === kind);
const last = (kind: Call['kind']) => (save: readonly Call[]) => save.findLastIndex((call) => call.kind === kind);

/** Where the most bytes are written at once: a tensor's, because only the first write has the header. */
function largestTensor(save: readonly Call[]): number {
  const sizes = save.map(({ kind, detail }) => (kind === 'write' ? Number(detail) : 0));
  return sizes.indexOf(Math.max(...sizes.slice(first('write')(save) + 1)));
}

/** What the two files have in common is tried with one of them; all of both in the long suite. */
const WRITING: readonly Phase[] = [
  { when: 'before there is a temporary file', find: first('open') },
  { when: 'halfway through a tensor', action: 'kill-halfway', find: largestTensor },
  { when: 'before its checksum', find: last('write') },
  { when: 'before it is synced', find: first('sync') },
  { when: 'before it is read again', find: last('open') },
];
const NAMING: readonly Phase[] = [
  { when: 'before the file before it has a second name', find: first('link') },
  { when: 'before the second name is that of the previous file', find: first('rename') },
  { when: 'before it gets its name', find: last('rename') },
];
const PHASES = { last: [...WRITING, ...NAMING], best: NAMING };

/** Kills beside the save itself, in the order in which they come, and the file at whose call. */
const BESIDE: Record<SavedFile, readonly [when: string, at: RegExp, FolderFault][]> = {
  last: [
    [
      'before the lock has its name',
      /\.lock\..*\.tmp$/,
      { files: '.lock', fault: { kind: 'link', call: 1, action: 'kill' } },
    ],
    [
      'halfway through the log that is cut back',
      /events\.ndjson\..*\.tmp$/,
      { files: 'events.', fault: { kind: 'write', call: 1, action: 'kill-halfway' } },
    ],
    [
      'before the log that was cut back gets its name',
      /events\.ndjson\..*\.tmp$/,
      { files: 'events.', fault: { kind: 'rename', call: 1, action: 'kill' } },
    ],
  ],
  best: [
    // The log that is cut back and the folder are synced, then the log, best and the folder, last and the folder.
    ['before its folder is synced', /stopped-before-best-\w+$/, { fault: { kind: 'sync', call: 5, action: 'kill' } }],
    // What is opened before is to try the folder out, and to read what the run goes on from.
    [
      'between it and last',
      /last\.safetensors\..*\.tmp$/,
      { files: 'last.', fault: { kind: 'open', call: 3, action: 'kill' } },
    ],
    [
      'behind last, before their folder is synced',
      /stopped-before-best-\w+$/,
      { fault: { kind: 'sync', call: 7, action: 'kill' } },
    ],
  ],
};

/** Every call of the save, each write halfway too. */
function allFaults(calls: readonly Call[], { begin, end }: { begin: number; end: number }): CallFault[] {
  const indices = Array.from({ length: end - begin + 1 }, (_, index) => begin + index);
  return indices.flatMap((index): CallFault[] => {
    const kill: CallFault = { call: index + 1, action: 'kill' };
    return calls[index]?.kind === 'write' ? [kill, { ...kill, action: 'kill-halfway' }] : [kill];
  });
}

// Each goes on where the one before it was killed, at the same step: so does every kill's successor show that the run
// can go on, and the last one that it is still the same run.
for (const file of ['last', 'best'] as const satisfies readonly SavedFile[]) {
  describe(`the second ${file}.safetensors, SIGKILL`, () => {
    const files = `${file}.`;
    let folder: string;
    let calls: Call[];
    beforeAll(async () => {
      if (skip !== undefined) return;
      folder = await runStoppedBeforeSave(root, file);
      calls = await callsWhenResumed(root, folder, files);
    });

    async function killedAt(fault: FolderFault): Promise<void> {
      expect(await resumeWith(folder, fault)).toMatchObject({ code: SIGKILL });
      await expectSound(folder);
    }

    for (const { when, action = 'kill', find } of PHASES[file]) {
      testFault(
        `${file}: SIGKILL ${when}`,
        WHOLE,
        async (see) => {
          const { begin, end } = firstSave(calls, file);
          const index = find(calls.slice(begin, end + 1));
          expect(index).toBeGreaterThanOrEqual(0);
          await killedAt({ files, fault: { call: begin + index + 1, action } });
          see(`killed at call ${index + 1} of ${end - begin + 1}; all are whole`);
        },
        { skip },
      );
    }

    testFault(
      `${file}: SIGKILL at every call of its save`,
      'every checkpoint in the folder is whole each time',
      async (see) => {
        const faults = allFaults(calls, firstSave(calls, file));
        for (const fault of faults) await killedAt({ files, fault });
        see(`whole after each of ${faults.length} kills`);
      },
      { skip: long ? skip : 'it takes minutes; RESNET_LONG=1 does it', timeoutSeconds: 3600 },
    );

    for (const [index, [when, at, fault]] of BESIDE[file].entries()) {
      testFault(
        `${file}: SIGKILL ${when}`,
        WHOLE,
        async (see) => {
          const list = join(root, `${file}-${index}`);
          await killedAt({ ...fault, list });
          const { kind, path } = callsIn(list).at(-1) ?? {};
          see(`killed at ${kind} ${path}; all are whole`);
          expect([kind, path]).toEqual([fault.fault?.kind, expect.stringMatching(at)]);
        },
        { skip },
      );
    }

    testFault(
      `${file}: gone on with after all these kills`,
      'best, last and log are those of the run without a kill',
      async (see) => {
        await expectResumedTo(whole.outcome, folder);
        see(`last ${whole.outcome.last}`);
      },
      { skip },
    );
  });
}
