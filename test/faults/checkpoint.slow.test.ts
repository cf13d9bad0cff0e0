/** Files that are no whole checkpoints, wherever one can be named: exit 4, the field at fault, nothing written. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect } from '@jest/globals';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import type { CheckpointMetadata } from '../../src/checkpoint/metadata.ts';
import { readSafetensors, writeCheckpoint, writeSafetensors } from '../support/safetensors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { expectRefusal, together } from './refusal.ts';
import { finishedRun, flipBit, leftBehind } from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';

const root = temporaryFolder();
const skip = noTensorFlow;

/** Paths of the last and the best checkpoint of a finished run. */
let last: string;
let best: string;
beforeAll(async () => {
  if (skip !== undefined) return;
  const { folder } = await finishedRun(root);
  [last, best] = [join(folder, 'last.safetensors'), join(folder, 'best.safetensors')];
});

/** Command lines that name a checkpoint, one for each command that takes one. */
const COMMANDS = {
  eval: (path: string) => ['eval', '--checkpoint', path],
  verify: (path: string) => ['verify', path],
  resume: (path: string) => ['train', '--resume', path],
  init: (path: string) => ['train', '--width', '4', '--init', path],
  predict: (path: string) => ['predict', 'no-picture.png', '--checkpoint', path],
  report: (path: string) => ['report', path],
} as const;

type Command = keyof typeof COMMANDS;

const ALL_COMMANDS = Object.keys(COMMANDS) as readonly Command[];

/** The facts of a path that change when it is written to; a FIFO's content cannot be read. */
function stateOf(path: string): unknown {
  const stats = lstatSync(path);
  return stats.isDirectory() ? readdirSync(path) : [stats.mode, stats.size, stats.mtimeMs];
}

const tried = together(root);

/** Declares a test for a file that these commands, by default all, have to refuse with this message. */
function testFile(
  fault: string,
  message: string,
  make: (path: string) => unknown,
  commands: readonly Command[] = ['eval', 'verify', 'resume', 'init'],
): void {
  let file: Promise<{ path: string; before: unknown }> | undefined;
  const made = async () => {
    const path = join(mkdtempSync(join(root, 'file-')), 'file.safetensors');
    await make(path);
    return { path, before: stateOf(path) };
  };
  const attempts = commands.map((command) =>
    tried(async () => {
      file ??= made();
      return COMMANDS[command]((await file).path);
    }),
  );
  testFault(
    `${fault}, given to ${commands.join(', ')}`,
    `exit 4: ${message}; nothing written`,
    async (see) => {
      const attempted = await Promise.all(attempts.map((attempt) => attempt()));
      see([...new Set(attempted.map(({ code, stderr }) => `exit ${code}: ${stderr}`))].join(' '));
      for (const [index, each] of attempted.entries()) {
        // `verify` also prints its findings on standard output.
        expectRefusal(commands[index] === 'verify' ? { ...each, stdout: '' } : each, { code: 4, message });
      }
      const { path = '', before } = (await file) ?? {};
      expect([stateOf(path), leftBehind(dirname(path))]).toEqual([before, []]);
    },
    { skip },
  );
}

/** The last checkpoint with other bytes. */
const changed = (change: (bytes: Buffer) => Uint8Array) => (path: string) =>
  writeFileSync(path, change(readFileSync(last)));

function flipped(path: string): void {
  copyFileSync(last, path);
  flipBit(path);
}

/** The last checkpoint with another text in its metadata. */
const withMetadata = (key: string, change: (text: string) => string) => async (path: string) => {
  const { tensors, metadata } = await readSafetensors(last);
  const text = metadata.get(key) ?? '';
  expect(change(text)).not.toBe(text);
  writeSafetensors(path, tensors, { ...Object.fromEntries(metadata), [key]: change(text) });
};

/** Writes the last checkpoint with other metadata and the right checksum. */
const saying = (change: (metadata: CheckpointMetadata) => object) => async (path: string) => {
  const { tensors, metadata } = await loadCheckpoint(last);
  if (metadata) writeCheckpoint(path, tensors, { ...metadata, ...change(metadata) });
};

describe('a checkpoint', () => {
  const otherLength = 'bytes follow the header, but its tensors have';
  testFile(
    'one that was cut',
    otherLength,
    changed((bytes) => bytes.subarray(0, -1000)),
  );
  testFile(
    'one that is too long',
    otherLength,
    changed((bytes) => Buffer.concat([bytes, Buffer.alloc(1)])),
  );
  testFile('one with a flipped bit', 'checksum mismatch: its bytes have SHA-256', flipped);
  testFile(
    'an empty file',
    'file length: 0 bytes is too short for a checkpoint',
    changed(() => Buffer.alloc(0)),
  );
  testFile(
    'a text',
    'or is it no file of safetensors or PyTorch?',
    changed(() => Buffer.from('precious words\n')),
  );
  testFile('a FIFO', 'is a device, not a checkpoint', (path) => execFileSync('mkfifo', [path]));
  testFile('a folder without a run', 'file.safetensors: holds no run; make one', mkdirSync);
  testFile('weights alone', 'holds weights only', (path) => copyFileSync(best, path), ['resume']);

  const deeper = withMetadata('resnet.architecture', (text) => text.replace('"depth":18', '"depth":34'));
  testFile('one of another depth', "its network has depth 34, but this run's has depth 18", deeper, ['init']);
  testFile('one whose metadata name another depth', 'is missing, expected F32', deeper, ['eval', 'verify', 'resume']);
  const contradiction = 'metadata settings.depth: 34, but its network has 18';
  const ofDepth34 = saying(({ settings }) => ({ settings: { ...settings, depth: 34 } }));
  testFile('one whose run had another depth', contradiction, ofDepth34, ALL_COMMANDS);
  testFile(
    'one whose images had a standard deviation of 0',
    'metadata resnet.normalisation.std: expected a number from 0.000001 to 1000000, got 0',
    saying(() => ({ normalisation: { mean: 0.5, std: 0 } })),
    ALL_COMMANDS,
  );
  testFile(
    'one with a negative loss',
    'metadata resnet.validation_loss: expected a number of at least 0, got -1',
    saying(() => ({ validationLoss: -1 })),
    ALL_COMMANDS,
  );
  testFile(
    'one of a later format',
    'metadata resnet.format_version: 5 is newer than the 4 known here; upgrade resnet',
    withMetadata('resnet.format_version', () => '5'),
  );
  testFile(
    'one whose progress lacks a field',
    'metadata resnet.progress.step: is missing',
    withMetadata('resnet.progress', (text) => text.replace(/"step":\d+,/, '')),
  );
});
