/** Tests of replacing a file atomically: what happens to the old file, and when. */
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { writeFileAtomically } from '../../src/checkpoint/atomic-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();

/** A new folder with these files, and functions that replace its file `last` and read all files. */
function folderOf(name: string, files: Record<string, string>) {
  const folder = join(root, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const [path, keepAs] = [join(folder, 'last'), join(folder, 'previous')];
  const replace = (text: string, verify?: (temporary: string) => Promise<void>) =>
    writeFileAtomically(path, [Buffer.from(text)], { size: text.length, keepAs, ...(verify && { verify }) });
  const contents = () =>
    Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  return { path, keepAs, replace, contents };
}

describe('the replaced file', () => {
  test('is kept under its second name, and replaces the file that was kept before', async () => {
    const { replace, contents } = folderOf('kept', { last: 'second', previous: 'first' });
    await replace('third');
    expect(contents()).toEqual({ last: 'third', previous: 'second' });
  });

  test('is not kept if there was none', async () => {
    const { replace, contents } = folderOf('first', {});
    await replace('first');
    expect(contents()).toEqual({ last: 'first' });
  });

  test('leaves the file that was kept before in place if it is missing itself', async () => {
    const { replace, contents } = folderOf('gone', { previous: 'first' });
    await replace('third');
    expect(contents()).toEqual({ last: 'third', previous: 'first' });
  });

  test('may have both names already, as after a kill between the two renames', async () => {
    const { path, keepAs, replace, contents } = folderOf('linked', { last: 'second' });
    linkSync(path, keepAs);
    await replace('third');
    expect(contents()).toEqual({ last: 'third', previous: 'second' });
  });

  test('is kept as a symbolic link if it is one', async () => {
    const { path, keepAs, replace, contents } = folderOf('symbolic', { precious: 'precious' });
    symlinkSync('precious', path);
    await replace('new');
    expect(readlinkSync(keepAs)).toBe('precious');
    expect(lstatSync(path).isSymbolicLink()).toBe(false);
    expect(contents()).toEqual({ last: 'new', precious: 'precious', previous: 'precious' });
  });
});

describe('the new file', () => {
  test('is verified under its temporary name, while the old file is still in place', async () => {
    const { path, replace, contents } = folderOf('verified', { last: 'old' });
    const seen: string[] = [];
    await replace('new', async (temporary) => {
      seen.push(readFileSync(temporary, 'utf8'), readFileSync(path, 'utf8'));
    });
    expect(seen).toEqual(['new', 'old']);
    expect(contents()).toEqual({ last: 'new', previous: 'old' });
  });

  test('replaces nothing if its verification fails, and its temporary file is removed', async () => {
    const { replace, contents } = folderOf('refused', { last: 'second', previous: 'first' });
    const refusal = new Error('not what was meant');
    await expect(replace('third', () => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(contents()).toEqual({ last: 'second', previous: 'first' });
  });

  test('replaces nothing if its bytes cannot all be made', async () => {
    const { path, contents } = folderOf('broken', { last: 'old' });
    const failure = new Error('no more');
    const pieces = function* () {
      yield Buffer.from('new');
      throw failure;
    };
    await expect(writeFileAtomically(path, pieces(), { size: 6 })).rejects.toBe(failure);
    expect(contents()).toEqual({ last: 'old' });
  });

  test('may contain pieces that overwrite earlier bytes', async () => {
    const { path, contents } = folderOf('patched', {});
    const pieces = [
      Buffer.from('a___'),
      Buffer.from('e'),
      { bytes: Buffer.from('bcd'), position: 1 },
      Buffer.from('f'),
    ];
    await writeFileAtomically(path, pieces, { size: 6 });
    expect(contents()).toEqual({ last: 'abcdef' });
  });
});

test('a file that cannot be kept is not replaced (exit 5)', async () => {
  const { keepAs, path, replace } = folderOf('blocked', { last: 'old' });
  mkdirSync(keepAs);
  await expect(replace('new')).rejects.toMatchObject({
    code: 5,
    message: expect.stringContaining('could not be written'),
  });
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(join(path, '..'))).toEqual(['last', 'previous']);
});
