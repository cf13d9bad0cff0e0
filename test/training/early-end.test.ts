/** Runs that end before their last epoch. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { RunSettings } from '../../src/run/settings.ts';
import { openRuntime } from '../../src/runtime/open.ts';
import { begin, resumeIn, SETTINGS, type SeenRun, seeRun, writeTrainingData } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();
const dataDir = join(root, 'data');
writeTrainingData(dataDir, 42);
const runtime = await openRuntime({ backend: 'wasm' });
/** Two steps an epoch, with a learning rate so high that the second epoch is the best. */
const WORSENING: RunSettings = { ...SETTINGS, dataDir, backend: 'wasm', batchSize: 16, learningRate: 1, epochs: 6 };

const epochsOf = ({ events }: SeenRun) => events.filter(({ type }) => type === 'epoch').length;

test('--patience 2 ends a run after two epochs without a better one, also if it was stopped and resumed', async () => {
  const [whole, parts] = [join(root, 'whole'), join(root, 'parts')];
  const run = await seeRun(await begin(whole, { ...WORSENING, patience: 2 }), runtime);
  expect(run.events.at(-1)).toMatchObject({ type: 'end', early: 'patience', best: { epoch: 2 } });
  expect(epochsOf(run)).toBe(4);

  await seeRun(await begin(parts, { ...WORSENING, patience: 2 }), runtime, ({ type }) => type === 'epoch');
  const rest = await seeRun(await resumeIn(parts), runtime);
  expect(rest.events.at(-1)).toMatchObject({ early: 'patience', best: { epoch: 2 } });
  expect(epochsOf(rest)).toBe(3);
  for (const file of ['best.safetensors', 'last.safetensors']) {
    expect(readFileSync(join(parts, file)).equals(readFileSync(join(whole, file)))).toBe(true);
  }

  const over = await resumeIn(whole);
  expect(over.finished).toBe(true);
  await over.lock?.release();
  const more = await seeRun(await resumeIn(whole, { patience: 3 }), runtime);
  expect(epochsOf(more)).toBe(1);
});

test('--max-time begins no epoch that would end after the limit, but trains at least one in each start', async () => {
  const folder = join(root, 'short');
  const run = await seeRun(await begin(folder, { ...WORSENING, maxTime: 1e-6 }), runtime);
  expect(run.events.at(-1)).toMatchObject({ type: 'end', early: 'max-time', best: { epoch: 1 } });
  expect(epochsOf(run)).toBe(1);
  expect(epochsOf(await seeRun(await resumeIn(folder), runtime))).toBe(1);

  const long = await seeRun(await resumeIn(folder, { maxTime: 3600, epochs: 4 }), runtime);
  expect(epochsOf(long)).toBe(2);
  expect(long.events.at(-1)).not.toHaveProperty('early');
});
