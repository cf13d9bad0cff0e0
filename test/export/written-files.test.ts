/** The files of an export appear all together, or not at all. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ExitCode, UserError } from '../../src/errors.ts';
import { writeProved } from '../../src/export/written-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();
const emptyFolder = () => mkdtempSync(join(root, 'empty-'));

const bytes = (...values: number[]) => Uint8Array.from(values);
const files = [
  { name: 'one', pieces: [bytes(1), bytes(2, 3)] },
  { name: 'two', pieces: [bytes(4)] },
];
const single = [{ name: '', pieces: [bytes(1, 2, 3)] }];

describe('a folder', () => {
  test('is proved under another name, and gets its own with its description', async () => {
    const folder = emptyFolder();
    const path = join(folder, 'export');
    const facts = await writeProved({ path, isFolder: true, files }, async (temporary, written) => {
      expect([readdirSync(temporary), readdirSync(folder).length]).toEqual([['one', 'two'], 1]);
      return `${written.length} files`;
    });
    const sha256 = createHash('sha256')
      .update(bytes(1, 2, 3))
      .digest('hex');
    expect(facts[0]).toEqual({ name: 'one', bytes: 3, sha256 });
    expect(readdirSync(folder).sort()).toEqual(['export', 'export.json']);
    expect([...readFileSync(join(path, 'one'))]).toEqual([1, 2, 3]);
    expect(readFileSync(`${path}.json`, 'utf8')).toBe('2 files');
  });

  test('replaces an earlier one as a whole', async () => {
    const folder = emptyFolder();
    const path = join(folder, 'export');
    mkdirSync(path);
    writeFileSync(join(path, 'three'), 'older');
    await writeProved({ path, isFolder: true, files }, async () => '');
    expect([readdirSync(folder).sort(), readdirSync(path)]).toEqual([
      ['export', 'export.json'],
      ['one', 'two'],
    ]);
  });
});

test('an earlier folder is there again if the description cannot get its name', async () => {
  const path = join(emptyFolder(), 'export');
  mkdirSync(join(path, 'older'), { recursive: true });
  mkdirSync(join(`${path}.json`, 'in use'), { recursive: true });
  const writing = writeProved({ path, isFolder: true, files }, async () => '');
  await expect(writing).rejects.toMatchObject({ code: ExitCode.io });
  expect([readdirSync(dirname(path)).sort(), readdirSync(path)]).toEqual([['export', 'export.json'], ['older']]);
});

describe.each([
  ['a file', false, single],
  ['a folder', true, files],
])('%s', (_, isFolder, output) => {
  test('that is not proved leaves nothing behind, and what was there stays', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'export.json'), 'older');
    const refusal = new UserError('another answer', ExitCode.checkpoint);
    const path = join(folder, 'export');
    await expect(writeProved({ path, isFolder, files: output }, () => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(readdirSync(folder)).toEqual(['export.json']);
    expect(readFileSync(`${path}.json`, 'utf8')).toBe('older');
  });

  test('whose description cannot get its name has none either', async () => {
    const path = join(emptyFolder(), 'export');
    mkdirSync(join(`${path}.json`, 'in use'), { recursive: true });
    const writing = writeProved({ path, isFolder, files: output }, async () => '');
    await expect(writing).rejects.toMatchObject({ code: ExitCode.io });
    expect(readdirSync(dirname(path))).toEqual(['export.json']);
  });

  test('that is aborted leaves nothing behind', async () => {
    const folder = emptyFolder();
    const controller = new AbortController();
    const path = join(folder, 'export');
    const stopped = new DOMException('stopped', 'AbortError');
    const writing = writeProved({ path, isFolder, files: output, signal: controller.signal }, async () => {
      controller.abort(stopped);
      return '';
    });
    await expect(writing).rejects.toBe(stopped);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('that cannot be written is an error of the file system', async () => {
    const path = join(emptyFolder(), 'missing', 'export');
    await expect(writeProved({ path, isFolder, files: output }, async () => '')).rejects.toMatchObject({
      code: ExitCode.io,
      message: `${path}: could not be written: ENOENT; check the folder and its disk`,
    });
  });
});
