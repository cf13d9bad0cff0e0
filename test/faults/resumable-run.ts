/** Runs that are stopped and resumed, and what has to be equal to the run that was never stopped. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { verifyCheckpoints } from '../../src/run/verify.ts';
import { type Finished, jsonLines, resnet } from '../support/resnet.ts';
import { copySharedRun } from '../support/shared-run.ts';

/** The result of a run, without its times and speeds. */
interface Outcome {
  /** SHA-256 of the files. */
  readonly best: string;
  readonly last: string;
  /** Each step and epoch in the log. */
  readonly rows: readonly Record<string, unknown>[];
}

export function outcomeOf(folder: string): Outcome {
  const rows = eventsOf(folder).flatMap(({ event, epoch, step, loss, learningRate, epochMean, train, validation }) =>
    event === 'step' || event === 'epoch'
      ? [{ event, epoch, step, loss, learningRate, epochMean, train, validation }]
      : [],
  );
  return { best: sha256(join(folder, 'best.safetensors')), last: sha256(join(folder, 'last.safetensors')), rows };
}

/** A run's log. */
export const eventsOf = (folder: string) => jsonLines(readFileSync(join(folder, 'events.ndjson'), 'utf8'));

export function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Every file below a folder, with what it holds. */
export function contentsOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, sha256(join(folder, name))]));
}

/** A run's folder with its result. */
export interface FinishedRun {
  readonly folder: string;
  readonly outcome: Outcome;
}

/** A folder with the finished SAVING_RUN. */
export async function finishedRun(root: string): Promise<FinishedRun> {
  const folder = mkdtempSync(join(root, 'finished-'));
  await copySharedRun(folder);
  return { folder, outcome: outcomeOf(folder) };
}

/** Makes a run from its beginning to its end. */
export async function uninterruptedRun(root: string, words: readonly string[]): Promise<FinishedRun> {
  const folder = mkdtempSync(join(root, 'uninterrupted-'));
  expect(await resnet([...words, '--checkpoint-dir', folder])).toMatchObject({ code: 0, stderr: '' });
  return { folder, outcome: outcomeOf(folder) };
}

/** Resumes the run in a folder. */
export function resume(folder: string, words: readonly string[] = []): Promise<Finished> {
  return resnet(['train', '--resume', '--checkpoint-dir', folder, ...words]);
}

/** Checks that a run has the result of the run that was never stopped, and left no temporary file. */
export function expectEndOf(outcome: Outcome, folder: string): void {
  expect(outcomeOf(folder)).toEqual(outcome);
  expect(leftBehind(folder)).toEqual([]);
}

/** Resumes a run, which has to come to that result. */
export async function expectResumedTo(outcome: Outcome, folder: string): Promise<Finished> {
  const resumed = await resume(folder);
  expect(resumed).toMatchObject({ code: 0 });
  expectEndOf(outcome, folder);
  return resumed;
}

/** The files that a run may have in its folder only while it trains. */
export function leftBehind(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.tmp') || name.startsWith('.lock'));
}

/** The names of the files that were moved to `earlier/`. */
export function earlierFiles(folder: string): string[] {
  const earlier = join(folder, 'earlier');
  return existsSync(earlier) ? readdirSync(earlier).flatMap((name) => readdirSync(join(earlier, name))) : [];
}

export function copyOf(root: string, folder: string): string {
  const copy = mkdtempSync(join(root, 'copy-'));
  // Without the lock, which would only cause a notice.
  cpSync(folder, copy, { recursive: true, filter: (path) => !path.endsWith('.lock') });
  return copy;
}

/** Damages a file in the middle, where a checkpoint has tensors. */
export function flipBit(path: string): void {
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 16, middle);
  writeFileSync(path, bytes);
}

/** Checks that every checkpoint in a folder is whole, and that there is one to resume from. */
export async function expectSound(folder: string): Promise<void> {
  const files = await verifyCheckpoints({ folder }); // as `resnet verify` does
  expect(files.filter((file) => 'problem' in file)).toEqual([]);
  expect(files.some((file) => 'resumable' in file && file.resumable)).toBe(true);
}

/** Whether there is a checkpoint that --resume finds by itself. */
export function hasBegun(folder: string): boolean {
  return ['last.safetensors', 'last.previous.safetensors'].some((name) => existsSync(join(folder, name)));
}
