/** `resnet export` from the command line. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Attempt, BINARY, command, resnetMany } from '../support/resnet.ts';
import { copySharedRun } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);

let attempts: Readonly<Record<string, Attempt>> = {};

/** The command lines, by what they show, in this order. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  named: ['export', '--checkpoint-dir', '.', 'run', '--format', 'pth'],
  again: ['export', 'run', '--format', 'pth'],
  overwritten: ['export', 'run', '--format', 'pth', '--overwrite', '--half', '--json'],
  elsewhere: ['export', 'run', '--format', 'pth', '--out', 'made/model.pth'],
  twice: ['export', 'run', '--format', 'pth', '--out', 'made/again/model.pth'],
  last: ['export', 'run/last.safetensors', '--format', 'pth'],
  itself: ['export', 'run', '--format', 'safetensors', '--overwrite'],
  linked: ['export', 'run', '--format', 'safetensors', '--out', 'link.safetensors', '--overwrite'],
  other: ['export', 'run', '--format', 'safetensors', '--out', 'run/last.safetensors', '--overwrite'],
  copied: ['export', 'run', '--format', 'safetensors', '--out', 'copy.safetensors'],
  back: ['export', 'made/model.pth', '--format', 'safetensors'],
  formless: ['export', 'run'],
  unknown: ['export', 'run', '--format', 'pt'],
  toFolder: ['export', 'run', '--format', 'pth', '--out', 'made', '--overwrite'],
  damaged: ['export', 'damaged.safetensors', '--format', 'pth'],
  nothing: ['export', 'nowhere', '--format', 'pth'],
  verified: ['verify', 'run/best.pth', '--json'],
};

beforeAll(async () => {
  mkdirSync(at('run'));
  await copySharedRun(at('run'));
  symlinkSync('run/best.safetensors', at('link.safetensors'));
  writeFileSync(at('damaged.safetensors'), 'no checkpoint at all');
  const done = await resnetMany(Object.values(LINES), folder);
  attempts = Object.fromEntries(Object.keys(LINES).map((name, index) => [name, done[index] as Attempt]));
});

const NETWORK = 'ResNet-18 (lesson, stem imagenet, width 4)';

test('writes best.pth into the folder of the run, and says what it holds', () => {
  expect(attempts.named).toMatchObject({ code: 0, stderr: '' });
  const [first, ...others] = attempts.named?.stdout.split('\n') ?? [];
  // The metadata's numbers have more or fewer digits as the processor rounds.
  expect(first).toMatch(/^run\/best\.pth: 127 tensors, float32, 236,\d{3} bytes$/);
  expect(others).toEqual([`  ${NETWORK}, from run/best.safetensors`, '']);
});

test('an existing file is replaced only with --overwrite', () => {
  const message = 'resnet: run/best.pth exists: give --overwrite to replace it, or another file with --out\n';
  expect(attempts.again).toMatchObject({ code: 5, stdout: '', stderr: message });
  expect(attempts.overwritten).toMatchObject({ code: 0, stderr: '' });
});

test('prints JSON', () => {
  expect(JSON.parse(attempts.overwritten?.stdout ?? '')).toEqual({
    ...{ path: 'run/best.pth', format: 'pth', type: 'float16', tensors: 127 },
    ...{ bytes: readFileSync(at('run/best.pth')).length, checkpoint: 'run/best.safetensors' },
    architecture: { depth: 18, width: 4, variant: 'lesson', stem: 'imagenet', channels: 1, classes: 10 },
  });
});

test('makes the folder of --out; the same model and name give the same bytes', () => {
  expect(attempts.elsewhere).toMatchObject({ code: 0, stderr: '' });
  expect(attempts.twice).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(at('made/model.pth')).equals(readFileSync(at('made/again/model.pth')))).toBe(true);
});

test.each(['Pacific/Apia', 'America/St_Johns'])('the bytes are the same in the time zone %s', async (TZ) => {
  const path = join(folder, TZ.replace('/', '-'), 'model.pth');
  const words = [process.execPath, BINARY, 'export', 'run', '--format', 'pth', '--out', path];
  expect(await command(words, { TZ }, folder)).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(path).equals(readFileSync(at('made/model.pth')))).toBe(true);
});

test('the file of another checkpoint has that name, beside it', () => {
  expect(attempts.last).toMatchObject({ code: 0, stdout: expect.stringMatching(/^run\/last\.pth: 127 tensors/) });
});

test('an exported safetensors file equals the best checkpoint, also by way of .pth', () => {
  expect(attempts.copied).toMatchObject({ code: 0, stderr: '' });
  expect(attempts.back).toMatchObject({ code: 0, stderr: '' });
  const best = readFileSync(at('run/best.safetensors'));
  for (const name of ['copy.safetensors', 'made/model.safetensors']) {
    expect(readFileSync(at(name)).equals(best)).toBe(true);
  }
});

test('verify reads the facts about the run from a .pth file', () => {
  const [file] = JSON.parse(attempts.verified?.stdout ?? '');
  expect(file).toMatchObject({ path: 'run/best.pth', resumable: false, metadata: { step: 4, input: [1, 28, 28] } });
  expect(file).not.toHaveProperty('sha256');
});

describe('refuses', () => {
  test.each([
    [
      'a command line without --format',
      'formless',
      2,
      '--format is missing: give one of pth, safetensors, onnx, tfjs, saved-model',
    ],
    [
      'a form that it does not know',
      'unknown',
      2,
      '--format must be one of pth, safetensors, onnx, tfjs, saved-model, got "pt"; did you mean pth?',
    ],
    [
      'the checkpoint itself',
      'itself',
      2,
      'run/best.safetensors is the checkpoint itself: name another file with --out',
    ],
    ['a link to it', 'linked', 2, 'link.safetensors is the checkpoint itself: name another file with --out'],
    ['another file of the run', 'other', 2, 'run/last.safetensors is a file of the run: name another file with --out'],
    ['a folder', 'toFolder', 5, 'made: is a folder; name a file with --out'],
  ])('%s as what to write', (_, name, code, message) => {
    expect(attempts[name]).toMatchObject({ code, stdout: '', stderr: `resnet: ${message}\n` });
  });

  test('a damaged checkpoint and one that is not there, as every command does', () => {
    expect(attempts.damaged).toMatchObject({ code: 4, stdout: '' });
    expect(attempts.nothing).toMatchObject({ code: 4, stdout: '' });
  });
});

test('the reader of zip files is loaded for a .pth file, and not for a checkpoint of our own', async () => {
  const hook = at('loaded.cjs');
  writeFileSync(
    hook,
    `const Module = require('node:module'); const load = Module._load;
     Module._load = function (name) { process.stderr.write(name + '\\n'); return load.apply(this, arguments); };`,
  );
  const loaded = async (file: string) =>
    (await command([process.execPath, '--require', hook, BINARY, 'verify', at(file)])).stderr.includes('yauzl');
  expect(await loaded('run/best.pth')).toBe(true);
  expect(await loaded('run/best.safetensors')).toBe(false);
});
