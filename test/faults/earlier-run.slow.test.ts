/** A new run where a trained model is: until it has a model of its own, the old one is the one that is found. */
import { mkdtempSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect } from '@jest/globals';
import { withFlags } from '../support/flags.ts';
import { CALLED, type Finished, resnet } from '../support/resnet.ts';
import { copySharedRun, SAVING_RUN } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { type Call, type CallFault, callsIn, noCallFaults, withCallFaults } from './kill-at-call.ts';
import { contentsOf, eventsOf, expectResumedTo, type FinishedRun, outcomeOf, resume, sha256 } from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';
import { SIGKILL } from './stopped-run.ts';
import { launchTrainer } from './trainer.ts';

const root = temporaryFolder();
const skip = noTensorFlow;

/** Another run than the one whose model is in the folder. */
const NEW_RUN = withFlags(SAVING_RUN, '--seed', '1', '--limit-train', '64');

let whole: FinishedRun;
let before: Record<string, string>;
/** The calls of the run when nothing goes wrong. */
let calls: Call[];
beforeAll(async () => {
  if (skip !== undefined) return;
  const folder = await folderWithModel();
  before = contentsOf(folder);
  const list = join(root, 'calls');
  expect(await trainWith(folder, { list })).toMatchObject({ code: 0 });
  whole = { folder, outcome: outcomeOf(folder) };
  calls = callsIn(list);
});

async function folderWithModel(): Promise<string> {
  const folder = mkdtempSync(join(root, 'model-'));
  await copySharedRun(folder);
  return folder;
}

/** The files of the run that was moved to `earlier/`. */
function movedIn(folder: string): Record<string, string> {
  const [date = ''] = readdirSync(join(folder, 'earlier'));
  return contentsOf(join(folder, 'earlier', date));
}

/** Begins the new run in the folder, while something goes wrong. */
async function trainWith(folder: string, options: { fault?: CallFault; list?: string }): Promise<Finished> {
  const environment = noCallFaults === undefined ? await withCallFaults(folder, options) : {};
  return resnet([...NEW_RUN, '--checkpoint-dir', folder], environment);
}

function expectUntouched(folder: string): void {
  expect(contentsOf(folder)).toEqual(before);
  expect(readdirSync(folder).filter((name) => !(name in before))).toEqual([]);
}

describe('a new run in the folder of a trained model', () => {
  testFault(
    'that nothing happens to',
    'the old files are in earlier/, to the last byte',
    (see) => {
      see(Object.keys(movedIn(whole.folder)).join(' '));
      expect(movedIn(whole.folder)).toEqual(before);
    },
    { skip },
  );

  testFault(
    'that diverges before it has saved',
    'exit 6; the folder is as it was, to the last byte, without earlier/',
    async (see) => {
      const folder = await folderWithModel();
      const words = withFlags(NEW_RUN, '--lr', '1e30', '--save-interval', '1000');
      const { code, stderr } = await resnet([...words, '--checkpoint-dir', folder]);
      see(`exit ${code}: ${stderr}`);
      expect(code).toBe(6);
      expectUntouched(folder);
    },
    { skip },
  );

  testFault(
    'that is stopped by SIGTERM before its first epoch has ended',
    'exit 143; its message names both models, report has the log of the old one, and it is resumed to the same end',
    async (see) => {
      const folder = await folderWithModel();
      const trainer = launchTrainer([...NEW_RUN, '--json', '--checkpoint-dir', folder]);
      await trainer.printed('"step":1,');
      trainer.signal('SIGTERM');
      const { code, stderr } = await trainer.ended;
      see(`exit ${code}: ${stderr}`);
      const best = join(folder, 'best.safetensors');
      const [, aside = ''] =
        /earlier run's files were moved to (\S+); earlier\/ holds 1 run, \d+ MiB/.exec(stderr) ?? [];
      const [last] = stderr.trimEnd().split('\n').slice(-1);
      expect(last?.replace(/step [123];/, 'step N;')).toBe(
        `resnet: stopped by SIGTERM; ${best} is still the earlier run's, whose other files are in ${aside}; ` +
          `saved up to step N; resume with: ${CALLED} train --resume ${join(folder, 'last.safetensors')}`,
      );
      expect([code, sha256(best), movedIn(folder)]).toEqual([143, before['best.safetensors'], before]);
      expect(eventsOf(folder).at(-1)).toMatchObject({ event: 'saved', earlier: aside });

      const report = await resnet(['report', folder, '--limit-test', '50', '--no-compile', '--json']);
      expect(report.stderr).toBe(`${best} is an earlier run's: its log is in ${aside}\n`);
      expect(JSON.parse(report.stdout)).toMatchObject({ bestEpoch: 2 });

      const resumed = await expectResumedTo(whole.outcome, folder);
      expect(resumed.stderr).toBe(`${best} is still the earlier run's in ${aside}; the next epoch replaces it\n`);
      // The old best is no previous best of this run.
      const names = Object.entries(contentsOf(folder)).flatMap(([name, hash]) =>
        hash === before['best.safetensors'] ? [basename(name)] : [],
      );
      expect(names).toEqual(['best.safetensors']);
      expect(movedIn(folder)).toEqual(before);
    },
    { skip },
  );
});

describe('when a new run first saves where a trained model is', () => {
  const skipCalls = noCallFaults ?? noTensorFlow;

  /** A fault at the first such call. */
  function faultAt(kind: Call['kind'], matches: (call: Call) => boolean, action: CallFault['action']): CallFault {
    const index = calls.filter((call) => call.kind === kind).findIndex(matches);
    expect(index).toBeGreaterThanOrEqual(0);
    return { kind, call: index + 1, action };
  }

  const isNewFile = ({ path }: Call) => /\/\.new-[^/]+\/last\.safetensors\..*\.tmp$/.test(path);
  const isMovedIn = ({ path }: Call) => /\/\.ready-[^/]+\/\w+/.test(path);
  const isMovedOut = ({ detail }: Call) => /\/earlier\/[^/]+\/events\.ndjson$/.test(detail);

  testFault(
    'a full disk: ENOSPC from here on at a write',
    'exit 5; the folder is as it was, to the last byte, without earlier/',
    async (see) => {
      const folder = await folderWithModel();
      const { code, stderr } = await trainWith(folder, { fault: faultAt('write', isNewFile, 'ENOSPC from here on') });
      see(`exit ${code}: ${stderr}`);
      expect([code, stderr]).toEqual([5, expect.stringMatching(/^resnet: [^\n]*\n$/)]);
      expectUntouched(folder);
    },
    { skip: skipCalls },
  );

  testFault(
    'an error when the new files are moved: EIO at a rename',
    'exit 5, naming the folder of what the new run has saved; the old files are as they were; --resume completes the moves',
    async (see) => {
      const folder = await folderWithModel();
      const { code, stderr } = await trainWith(folder, { fault: faultAt('rename', isMovedIn, 'EIO') });
      see(`exit ${code}: ${stderr}`);
      expect([code, stderr]).toEqual([5, expect.stringMatching(/^resnet: [^\n]*; the new run's are in [^\n]*\n$/)]);
      expect(contentsOf(folder)).toMatchObject(before);
      expect(readdirSync(folder)).not.toContain('earlier');
      await expectResumedTo(whole.outcome, folder);
      expect(movedIn(folder)).toEqual(before);
    },
    { skip: skipCalls },
  );

  testFault(
    'SIGKILL before it is on the disk',
    'best is the old one; the next command says that the old run is as it was, and resumes that',
    async (see) => {
      const folder = await folderWithModel();
      const { code } = await trainWith(folder, { fault: faultAt('sync', isNewFile, 'kill') });
      expect([code, contentsOf(folder)]).toEqual([SIGKILL, expect.objectContaining(before)]);
      const { stdout, stderr } = await resume(folder);
      see(stderr);
      expect(stderr).toContain('a new run was killed before it had saved; the run before it is as it was\n');
      expect(stdout).toMatch(/belongs to a finished run:\s+2 epochs trained/);
      expectUntouched(folder);
    },
    { skip: skipCalls },
  );

  testFault(
    'SIGKILL between two moves of the old files',
    'best is the old one; --resume completes the moves, and resumes the new run to the same end',
    async (see) => {
      const folder = await folderWithModel();
      const { code } = await trainWith(folder, { fault: faultAt('rename', isMovedOut, 'kill') });
      expect([code, sha256(join(folder, 'best.safetensors'))]).toEqual([SIGKILL, before['best.safetensors']]);
      const { stderr } = await expectResumedTo(whole.outcome, folder);
      see(stderr);
      expect(stderr).toContain(
        'a new run was killed when it had saved; it is in place now, and the run before it is in',
      );
      expect(movedIn(folder)).toEqual(before);
      expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
    },
    { skip: skipCalls },
  );
});
