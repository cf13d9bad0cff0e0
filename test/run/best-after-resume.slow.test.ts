/** The best checkpoint of a run that is resumed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openRuntime } from '../../src/runtime/open.ts';
import { begin, eventsIn, resumeIn, SETTINGS, seeRun, writeTrainingData } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();
const dataDir = join(root, 'data');
writeTrainingData(dataDir, 42);

test('a resumed run keeps its best checkpoint after a worse epoch, and replaces it after a better one', async () => {
  const runtime = await openRuntime({ backend: 'wasm' });
  const folder = join(root, 'run');
  const best = join(folder, 'best.safetensors');
  const settings = { ...SETTINGS, dataDir, backend: 'wasm', batchSize: 16, epochs: 1 } as const;
  await seeRun(await begin(folder, settings), runtime);
  const first = readFileSync(best);

  const { events } = await seeRun(await resumeIn(folder, { epochs: 2, learningRate: 0.1 }), runtime);
  expect(events.find(({ type }) => type === 'epoch')).toMatchObject({ epoch: 2, best: false });
  expect(events.at(-1)).toMatchObject({ type: 'end', best: { epoch: 1 } });
  expect(readFileSync(best).equals(first)).toBe(true);

  await seeRun(await resumeIn(folder, { epochs: 5, learningRate: 0.01 }), runtime);
  const losses = eventsIn(folder).flatMap(({ event, validation }) =>
    event === 'epoch' ? [(validation as { loss: number }).loss] : [],
  );
  const marked = eventsIn(folder).flatMap(({ event, best }) => (event === 'epoch' ? [best] : []));
  expect(marked).toEqual(losses.map((loss, epoch) => loss < Math.min(...losses.slice(0, epoch))));
  expect(marked.slice(2)).toContain(true);
  expect(readFileSync(best).equals(first)).toBe(false);
});
