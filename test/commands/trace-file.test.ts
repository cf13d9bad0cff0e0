/** The file of a trace: a new name unless the user asks for another, and never an older file unasked. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TraceFile } from '../../src/commands/trace-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const before = process.cwd();
beforeAll(() => process.chdir(folder));
afterAll(() => process.chdir(before));

const write = async (named?: string, overwrite = false): Promise<string> => {
  const file = await TraceFile.choose(named, overwrite);
  await file.write('a trace');
  return file.path;
};

test('without a name is trace.json, then the first free of trace-2.json, trace-3.json', async () => {
  expect(await write()).toBe('trace.json');
  writeFileSync('trace-3.json', 'of the user');
  expect([await write(), await write()]).toEqual(['trace-2.json', 'trace-4.json']);
  expect(readFileSync('trace-3.json', 'utf8')).toBe('of the user');
});

test('with the name of a file is refused (exit 5), and leaves the file as it was', async () => {
  writeFileSync('mine.json', 'of the user');
  await expect(write('mine.json')).rejects.toMatchObject({
    code: 5,
    message:
      'the trace is not written, because mine.json exists; give --overwrite to replace it, or another file with --trace',
  });
  expect(readFileSync('mine.json', 'utf8')).toBe('of the user');
  expect(await write('mine.json', true)).toBe('mine.json');
  expect(readFileSync('mine.json', 'utf8')).toBe('a trace');
});

test('does not replace a file that was made while the trace was taken (exit 5)', async () => {
  const file = await TraceFile.choose('late.json', false);
  writeFileSync('late.json', 'of another process');
  await expect(file.write('a trace')).rejects.toMatchObject({ code: 5 });
  expect(readFileSync('late.json', 'utf8')).toBe('of another process');
});

test('is not written through a link that leads nowhere (exit 5)', async () => {
  symlinkSync(join(folder, 'nowhere'), 'link.json');
  await expect(write('link.json')).rejects.toMatchObject({ code: 5, message: expect.stringContaining('--overwrite') });
  expect(existsSync('nowhere')).toBe(false);
});

test('may be /dev/null, which holds nothing that could be lost', async () => {
  expect(await write('/dev/null')).toBe('/dev/null');
});

test('is refused before any work where it cannot be written: as a folder, and in no folder (exit 5)', async () => {
  mkdirSync('folder');
  for (const [name, reason] of [
    ['folder', 'EISDIR'],
    ['no-such-folder/trace.json', 'ENOENT'],
  ] as const) {
    await expect(TraceFile.choose(name, false)).rejects.toMatchObject({
      code: 5,
      message: `the trace cannot be written to ${name} (${reason}); choose another file with --trace`,
    });
  }
});
