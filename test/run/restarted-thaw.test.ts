/** A run that is resumed with other batches in the epoch of its thaw: the epoch begins again, the thaw does not. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openRuntime } from '../../src/runtime/open.ts';
import { begin, eventsIn, resumeIn, SETTINGS, seeRun, writeTrainingData } from '../support/runs.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();
const dataDir = join(root, 'data');
writeTrainingData(dataDir, 42);

describeWithTensorFlow('a run whose thawing epoch begins again', () => {
  test('thaws once, and its start tells of nothing frozen', async () => {
    const runtime = await openRuntime({ backend: 'tensorflow' });
    const [first, folder] = [join(root, 'first'), join(root, 'run')];
    const settings = { ...SETTINGS, dataDir, opByOp: true };
    await seeRun(await begin(first, { ...settings, epochs: 1 }), runtime);
    const frozen = { init: join(first, 'best.safetensors'), freeze: ['stem'], thawAt: 2 } as const;
    const run = await begin(folder, { ...settings, ...frozen });
    await seeRun(run, runtime, (event) => event.type === 'step' && event.step === 6);
    const resumed = await resumeIn(folder, { batchSize: 16 }, ['batch-size']);
    const { stopped } = await seeRun(resumed, runtime);
    expect(stopped).toBe(false);
    const events = eventsIn(folder);
    expect(events.filter(({ event }) => event === 'thaw')).toEqual([{ event: 'thaw', epoch: 2, step: 5 }]);
    const starts = events.filter(({ event }) => event === 'start');
    expect(starts).toMatchObject([{ frozen: { parts: ['stem'], thawAt: 2 } }, { resumed: { epoch: 2, batch: 0 } }]);
    expect(starts[1]).not.toHaveProperty('frozen');
  });
});
