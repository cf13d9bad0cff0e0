/**
 * Preparing a run to resume, with other settings or data. One run, stopped in its second epoch, serves every test; each
 * has a copy of it.
 */
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadCheckpoint } from '../../../src/checkpoint/load-checkpoint.ts';
import { saveCheckpoint } from '../../../src/checkpoint/save-checkpoint.ts';
import { RandomGenerator } from '../../../src/random.ts';
import type { RunSettings } from '../../../src/run/settings.ts';
import { openRuntime, type Runtime } from '../../../src/runtime/open.ts';
import { begin, resumeIn, SETTINGS, seeRun, writeTrainingData } from '../../support/runs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const dataDir = join(root, 'data');
writeTrainingData(dataDir, 42);
const otherData = join(root, 'other-data');
writeTrainingData(otherData, 43);
const stopped = join(root, 'stopped');
let runtime: Runtime;

beforeAll(async () => {
  runtime = await openRuntime({ backend: 'wasm' });
  const run = await begin(stopped, { ...SETTINGS, dataDir, backend: 'wasm' });
  await seeRun(run, runtime, (event) => event.type === 'step' && event.step === 6);
});

let copies = 0;

function copyOfRun(): string {
  const folder = join(root, `copy-${++copies}`);
  cpSync(stopped, folder, { recursive: true });
  return folder;
}

/** Every file of a folder with its bytes' hash, folders without. */
function contents(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, entry.isFile() ? hashOf(path) : ''];
    }),
  );
}

/** Prepares a run to resume, without starting it; returns the prepared run and the notices. */
async function prepared(folder: string, given: Partial<RunSettings>, override: string[] = []) {
  const notices: string[] = [];
  const run = await resumeIn(folder, given, override, (message) => notices.push(message));
  await run.lock?.release();
  return { run, notices };
}

describe('a resumed run', () => {
  test('continues at its next batch with its own settings, and preparing it changes nothing in its folder', async () => {
    const folder = copyOfRun();
    const before = contents(folder);
    const { run, notices } = await prepared(folder, {});
    expect(run.settings).toEqual({ ...SETTINGS, dataDir, backend: 'wasm' });
    expect(run.progress).toMatchObject({ epochs: 1, step: 6, batch: 2, best: { epoch: 1, step: 4 } });
    expect(run.resumed).toMatchObject({ epoch: 2, batch: 2, batches: 4, changes: [] });
    expect(notices).toEqual([]);
    expect(contents(folder)).toEqual(before);
  });

  test('takes another learning rate, and reports that the schedule is computed again', async () => {
    const { run, notices } = await prepared(copyOfRun(), { learningRate: 0.01, schedule: 'cosine' });
    expect(run.resumed?.changes).toEqual([
      { name: 'lr', from: 0.001, to: 0.01 },
      { name: 'schedule', from: 'constant', to: 'cosine' },
    ]);
    expect(run.progress.batch).toBe(2);
    expect(run.resumed?.recomputed).toBe('cosine');
    expect(notices).toEqual([]);
  });

  test('restarts its epoch with an overridden seed, and keeps the best of other images until there is another', async () => {
    const folder = copyOfRun();
    const { run, notices } = await prepared(folder, { seed: 4 }, ['seed']);
    expect(run.progress).toMatchObject({ epochs: 1, step: 6, batch: 0, sums: { count: 0 } });
    expect(run.progress.best).toBeNull();
    await run.resumed?.reconcile();
    expect(run.progress.shuffle).toEqual(RandomGenerator.seeded(4, 'shuffle').state());
    expect(notices).toEqual([
      'the current epoch restarts, because its batches have changed',
      expect.stringMatching(/best\.safetensors: was validated on other images; it is kept in /),
    ]);
    const [moved = ''] = readdirSync(join(folder, 'earlier'));
    expect(readdirSync(join(folder, 'earlier', moved))).toEqual(['best.safetensors']);
    expect(readdirSync(folder)).toContain('best.safetensors');
  });

  test('restarts its epoch with overridden data', async () => {
    const { run } = await prepared(copyOfRun(), { dataDir: otherData }, ['data']);
    expect(run.resumed?.changes.map(({ name }) => name)).toEqual(['data-dir', 'data']);
    expect(run.progress).toMatchObject({ batch: 0 });
    expect(run.progress.best).toBeNull();
    await run.resumed?.reconcile();
  });
});

test('resuming a finished run finds all epochs done and changes nothing in its folder', async () => {
  const folder = copyOfRun();
  await seeRun(await resumeIn(folder), runtime);
  const before = contents(folder);
  for (const [given, override] of [
    [{}, []],
    [{ seed: 4 }, ['seed']],
  ] as const) {
    const { run } = await prepared(folder, given, [...override]);
    expect(run.progress.epochs).toBe(run.plan.epochs);
    expect(contents(folder)).toEqual(before);
  }
});

describe('resuming a run, refused with nothing changed in its folder,', () => {
  async function expectRefused(
    folder: string,
    given: Partial<RunSettings>,
    error: { code: number; message: unknown },
  ): Promise<void> {
    const before = contents(folder);
    await expect(prepared(folder, given)).rejects.toMatchObject(error);
    expect(contents(folder)).toEqual(before);
  }

  test('fails with another seed (exit 2)', async () => {
    const message = '--resume: --seed is now 4, but the run had 3: leave it out, or add --override seed';
    await expectRefused(copyOfRun(), { seed: 4 }, { code: 2, message });
  });

  test('fails with other data (exit 2), naming both hashes', async () => {
    const message = expect.stringMatching(
      /SHA-256 is now [0-9a-f]{64}, but the run had [0-9a-f]{64}: give its --data-dir/,
    );
    await expectRefused(copyOfRun(), { dataDir: otherData }, { code: 2, message });
  });

  test('fails with another seed (exit 2) also where the last checkpoint is damaged', async () => {
    const folder = copyOfRun();
    writeFileSync(join(folder, 'last.safetensors'), 'damaged');
    await expectRefused(folder, { seed: 4 }, { code: 2, message: expect.stringContaining('--seed is now 4') });
  });

  test('fails from a checkpoint that claims more steps than its epoch has (exit 4)', async () => {
    const folder = copyOfRun();
    const path = join(folder, 'last.safetensors');
    const { tensors, metadata } = await loadCheckpoint(path);
    const position = metadata!.progress!;
    const progress = { ...position, batch: 5, sums: { ...position.sums, count: 5 * SETTINGS.batchSize } };
    await saveCheckpoint(path, tensors, { ...metadata!, progress });
    const message = expect.stringMatching(
      /metadata progress: 5 steps of an epoch with 40 images, but the epoch has 4 steps/,
    );
    await expectRefused(folder, {}, { code: 4, message });
  });
});

test('a resumed run with larger batches continues its schedule at the same fraction of the run, not past its end', async () => {
  const folder = copyOfRun();
  const given = { batchSize: 32, schedule: 'linear' } as const; // one step an epoch, and six are taken
  const { events } = await seeRun(await resumeIn(folder, given, ['batch-size']), runtime);
  const rates = events.flatMap((event) => (event.type === 'step' ? [event.learningRate] : []));
  expect(rates).toEqual([SETTINGS.learningRate / 2]); // of the second epoch of two
});
