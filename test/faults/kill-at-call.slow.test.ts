/** The calls that the fault suite makes go wrong do go wrong, and no others. */
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { command, type Finished, resnet } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { type Call, type CallFault, callsIn, noCallFaults, withCallFaults } from './kill-at-call.ts';
import { noTensorFlow, SMALL_RUN } from './small-run.ts';

const root = temporaryFolder();
const SAVE_FILE = fileURLToPath(new URL('./save-file.mjs', import.meta.url));
const SIGKILL = 137;

/** Saves `file` and `other` in a folder of their own, with a fault in the calls that concern `file`. */
async function saved(fault?: CallFault) {
  const folder = mkdtempSync(join(root, 'saved-'));
  const [file, other, list] = ['file', 'other', 'list'].map((name) => join(folder, name)) as [string, string, string];
  const environment = await withCallFaults(file, fault ? { fault, list } : { list });
  const { code, stdout } = await command([process.execPath, SAVE_FILE, file, other], environment);
  const content = (name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined;
  const kinds = callsIn(list).map(({ kind }) => kind);
  return { code, stdout: stdout.trim(), file: content('file'), temporary: content('file.tmp'), kinds, folder };
}

const WHOLE = 'a'.repeat(1000) + 'b'.repeat(300) + 'c'.repeat(100);
const CALLS = ['open', 'write', 'write', 'sync', 'rename'];

if (noCallFaults !== undefined) process.stderr.write(`skipped: ${noCallFaults}\n`);
const describeHere = noCallFaults === undefined ? describe : describe.skip;

describeHere('a program that saves a file', () => {
  test('makes these calls', async () => {
    const { folder } = await saved();
    const file = join(folder, 'file');
    expect(callsIn(join(folder, 'list'))).toEqual([
      { kind: 'open', path: `${file}.tmp`, detail: '' },
      { kind: 'write', path: `${file}.tmp`, detail: '1000' },
      { kind: 'write', path: `${file}.tmp`, detail: '400' },
      { kind: 'sync', path: `${file}.tmp`, detail: '' },
      { kind: 'rename', path: `${file}.tmp`, detail: file },
    ]);
    expect(readdirSync(folder).sort()).toEqual(['file', 'list', 'other']);
  });

  test.each([
    [1, undefined],
    [2, ''],
    [3, WHOLE.slice(0, 1000)],
    [4, WHOLE],
    [5, WHOLE],
  ])('killed at call %i has done those before it', async (call, temporary) => {
    const found = await saved({ call, action: 'kill' });
    expect(found).toMatchObject({ code: SIGKILL, stdout: '', kinds: CALLS.slice(0, call) });
    expect([found.file, found.temporary]).toEqual([undefined, temporary]);
  });

  test.each([
    [1, 500],
    [2, 1200],
  ])('killed halfway through write %i has written half of it', async (call, bytes) => {
    const found = await saved({ kind: 'write', call, action: 'kill-halfway' });
    expect(found).toMatchObject({ code: SIGKILL, temporary: WHOLE.slice(0, bytes) });
  });

  test('has to write the rest of a short write by another', async () => {
    const found = await saved({ kind: 'write', call: 1, action: 'short' });
    const writes = callsIn(join(found.folder, 'list')).filter(({ kind }) => kind === 'write');
    expect(writes.map(({ detail }) => detail)).toEqual(['1000', '500', '400']);
    expect(found).toMatchObject({ code: 0, file: WHOLE });
  });

  test.each([
    ['write', 'ENOSPC', ''],
    ['sync', 'EIO', WHOLE],
    ['rename', 'EFBIG', WHOLE],
  ] as const)('is told that its %s failed: %s', async (kind, action, temporary) => {
    expect(await saved({ kind, call: 1, action })).toMatchObject({ code: 0, stdout: action, temporary });
  });

  test('meets an error once, or from then on', async () => {
    const opened = async (action: CallFault['action']) => {
      const folder = mkdtempSync(join(root, 'opened-'));
      const paths = ['1', '2', '3', '4'].map((name) => join(folder, name));
      const environment = await withCallFaults(folder, { fault: { kind: 'open', call: 2, action } });
      await command([process.execPath, SAVE_FILE, ...paths], environment);
      return readdirSync(folder).length;
    };
    expect([await opened('EIO'), await opened('EIO from here on')]).toEqual([3, 1]);
  });

  test('with many threads at once has every call counted once', async () => {
    const folder = mkdtempSync(join(root, 'threads-'));
    const list = join(folder, 'list');
    const paths = Array.from({ length: 200 }, (_, index) => join(folder, `file ${index}`));
    const environment = await withCallFaults(join(folder, 'file'), { list, fault: { call: 1000, action: 'kill' } });
    const { code } = await command([process.execPath, SAVE_FILE, ...paths], environment);
    expect([code, callsIn(list).length]).toEqual([SIGKILL, 1000]);
    // The last of five calls a file is the one that never comes about; four threads may be at theirs meanwhile.
    const unfinished = readdirSync(folder).filter((name) => name.endsWith('.tmp')).length;
    expect(unfinished).toBeGreaterThanOrEqual(1);
    expect(unfinished).toBeLessThanOrEqual(4);
  });
});

describe('a small run', () => {
  const skip = noCallFaults ?? noTensorFlow;
  const list = join(root, 'calls');
  let healthy: Run;
  let calls: Call[];
  beforeAll(async () => {
    if (skip !== undefined) return;
    healthy = await run({ list });
    calls = callsIn(list);
  });

  interface Run extends Finished {
    readonly folder: string;
  }

  async function run(options: { fault?: CallFault; list?: string }): Promise<Run> {
    const folder = mkdtempSync(join(root, 'run-'));
    const environment = await withCallFaults(folder, options);
    return { folder, ...(await resnet([...SMALL_RUN, '--checkpoint-dir', folder], environment)) };
  }

  /** The call by which `last.safetensors` gets its name, and the name under which it was written. */
  function renaming(): { index: number; temporary: string } {
    const isRenaming = ({ kind, detail }: Call) => kind === 'rename' && basename(detail) === 'last.safetensors';
    const index = calls.findIndex(isRenaming);
    return { index, temporary: calls[index]?.path ?? '' };
  }

  testFault(
    'the calls of a save',
    'last.safetensors gets its name after its bytes are synced and read again, and then its folder is synced',
    async (see) => {
      expect(healthy).toMatchObject({ code: 0, stderr: '' });
      const { index: renamed, temporary } = renaming();
      const isOf = (each: string) => (call: Call) => call.kind === each && call.path === temporary;
      const lastOf = (each: string) => calls.findLastIndex(isOf(each));
      const isFolderSync = ({ kind, path }: Call) => kind === 'sync' && path === healthy.folder;
      const folderSynced = calls.findIndex((call, index) => index > renamed && isFolderSync(call));
      const opened = calls.findIndex(isOf('open'));
      const order = [opened, lastOf('write'), lastOf('sync'), lastOf('open'), renamed, folderSynced];
      const names = "open, last write, sync, open to read it again, rename and the folder's sync";
      see(`of ${calls.length} calls, ${names} are ${order.join(', ')}`);
      expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
      expect(order[0]).toBeGreaterThanOrEqual(0);
    },
    { skip },
  );

  for (const [fault, error] of [
    ['a disk that is full', 'ENOSPC'],
    ['a quota that is used up', 'EDQUOT'],
  ] as const) {
    testFault(
      `${fault} from the middle of a save on`,
      'exit 5 naming the need; best.safetensors, which was whole before, stays, and there is no temporary file',
      async (see) => {
        const { temporary } = renaming();
        const writes = calls.filter(({ kind }) => kind === 'write').map(({ path }) => path);
        const middle = Math.floor((writes.indexOf(temporary) + writes.lastIndexOf(temporary)) / 2);
        const action = `${error} from here on` as const;
        const { code, stderr, folder } = await run({ fault: { kind: 'write', call: middle + 1, action } });
        const left = readdirSync(folder).filter((name) => name.includes('.safetensors'));
        see(`exit ${code}: ${stderr} left: ${left.join(' ') || 'nothing'}`);
        expect([code, left]).toEqual([5, ['best.safetensors']]);
        expect(stderr).toContain(`last.safetensors: could not be written: no room (${error}): `);
        expect(stderr).toMatch(/: \d+ bytes are needed/);
      },
      { skip },
    );
  }
});
