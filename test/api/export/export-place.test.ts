/** Where an export may be written, and over what. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { pathOfExport, prepareExportPlace } from '../../../src/api/export/export-place.ts';
import { ExitCode } from '../../../src/errors.ts';
import type { ExportFormat } from '../../../src/export/formats.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const emptyFolder = () => mkdtempSync(join(root, 'empty-'));

/** Asks for an export that may replace what is there. */
const prepare = (path: string, format: ExportFormat, checkpoint = join(root, 'none.safetensors')) =>
  prepareExportPlace({ path, format, checkpoint, overwrite: true });

test('a folder may be given as a shell completes it', async () => {
  expect(pathOfExport('made/model/', 'tfjs')).toBe(join('made', 'model'));
  expect(pathOfExport('./model//', 'saved-model')).toBe('model');
  expect(pathOfExport('./model', 'tfjs')).toBe('./model');
});

test('a file may not have the name of a folder, also of none that is there', async () => {
  const path = `${join(emptyFolder(), 'model')}/`;
  expect(pathOfExport(path, 'onnx')).toBe(path);
  for (const format of ['onnx', 'pth'] as const) {
    const message = `${path}: is a folder; name a file with --out`;
    await expect(prepare(path, format)).rejects.toMatchObject({ code: ExitCode.io, message });
  }
});

test('a folder that cannot be renamed is refused before the work', async () => {
  const path = join(emptyFolder(), 'one');
  mkdirSync(path);
  const message = `${path}/.: a folder without a name of its own; name another with --out`;
  await expect(prepare(`${path}/.`, 'tfjs')).rejects.toMatchObject({ code: ExitCode.io, message });
});

test('a folder that holds more than the files of an export is not replaced', async () => {
  const path = join(emptyFolder(), 'model');
  mkdirSync(path);
  writeFileSync(join(path, 'saved_model.pb'), '');
  await expect(prepare(path, 'tfjs')).resolves.toBeUndefined();
  mkdirSync(join(path, 'model.json'));
  const message = `${path}: holds model.json, and is no earlier export; name another with --out`;
  await expect(prepare(path, 'tfjs')).rejects.toMatchObject({ code: ExitCode.io, message });
});

test.each([
  ['onnx', 'last.safetensors', 'last.safetensors'],
  ['pth', 'metrics.csv', 'metrics.csv'],
  ['tfjs', 'config', 'config.json'],
] as const)(
  '%s: a file of the run is not replaced, also through a link to its folder',
  async (format, name, refused) => {
    const run = emptyFolder();
    for (const file of ['best.safetensors', refused]) writeFileSync(join(run, file), file);
    symlinkSync(run, `${run}-link`);
    for (const folder of [run, `${run}-link`]) {
      const problem = `${join(folder, refused)} is a file of the run`;
      await expect(prepare(join(folder, name), format, join(run, 'best.safetensors'))).rejects.toMatchObject({
        code: ExitCode.usage,
        message: expect.stringContaining(problem),
      });
    }
  },
);

describe('a description replaces only that of an export', () => {
  test.each([
    ["another program's file", '{"name": "mine"}'],
    ['a file of null', 'null'],
    ['no JSON, such as the checkpoint itself', 'no JSON'],
  ])('not %s', async (_, text) => {
    const path = join(emptyFolder(), 'package');
    writeFileSync(`${path}.json`, text);
    const message = `${path}.json: is no description of an export; name another file with --out`;
    await expect(prepare(path, 'onnx', `${path}.json`)).rejects.toMatchObject({ code: ExitCode.io, message });
    expect(readFileSync(`${path}.json`, 'utf8')).toBe(text);
  });

  test('not what is no file, such as a pipe, which nobody writes to', async () => {
    const path = join(emptyFolder(), 'model');
    execFileSync('mkfifo', [`${path}.json`]);
    await expect(prepare(path, 'tfjs')).rejects.toMatchObject({
      message: `${path}.json: is no description of an export; name another folder with --out`,
    });
  });

  test('an earlier one is replaced', async () => {
    const path = join(emptyFolder(), 'model');
    writeFileSync(`${path}.json`, '{"tool": "resnet 0.1.0"}');
    await expect(prepare(path, 'tfjs')).resolves.toBeUndefined();
  });
});
