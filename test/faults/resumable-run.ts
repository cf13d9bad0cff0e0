/** Runs that are stopped and go on, and what has to be equal to the run that never stopped. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { type Finished, jsonLines, resnet } from '../support/resnet.ts';
import { copySharedRun } from '../support/shared-run.ts';

/** What a run has come to, without what tells when and how fast. */
export interface Outcome {
  /** SHA-256 of the files. */
  readonly best: string;
  readonly last: string;
  /** Of the log: each logged step and epoch. */
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

/** The run's folder with what it has come to. */
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

/** Goes on with the run in a folder. */
export function resume(folder: string, words: readonly string[] = []): Promise<Finished> {
  return resnet(['train', '--resume', '--checkpoint-dir', folder, ...words]);
}

/** A run has come to the end of the run that never stopped, and left nothing beside it. */
export function expectEndOf(outcome: Outcome, folder: string): void {
  expect(outcomeOf(folder)).toEqual(outcome);
  expect(leftBehind(folder)).toEqual([]);
}

/** Goes on to that end. */
export async function expectResumedTo(outcome: Outcome, folder: string): Promise<Finished> {
  const resumed = await resume(folder);
  expect(resumed).toMatchObject({ code: 0 });
  expectEndOf(outcome, folder);
  return resumed;
}

/** What a run may have in its folder only while it goes on. */
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
  // A lock would only be told of.
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

/** Every checkpoint in a folder is whole, and there is one to go on from. */
export async function expectSound(folder: string): Promise<void> {
  const { code, stdout } = await resnet(['verify', folder, '--json']);
  const files = jsonLines(stdout).flat() as { path: string; problem?: string; resumable?: boolean }[];
  expect([code, files.filter(({ problem }) => problem)]).toEqual([0, []]);
  expect(files.some(({ resumable }) => resumable)).toBe(true);
}

/** Whether there is a checkpoint that a run goes on from by itself. */
export function hasBegun(folder: string): boolean {
  return ['last.safetensors', 'last.previous.safetensors'].some((name) => existsSync(join(folder, name)));
}
