/** A run that was stopped anywhere and resumed is the run that was never stopped: the same bits in the same files. */
import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { RunEvent } from '../../src/run/run-events.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { type Summary, summariesIn } from '../support/event-files.ts';
import { begin, eventsIn, goOn, loggedTraining, SETTINGS, seeRun, writeTrainingData } from '../support/runs.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();
const dataDir = join(root, 'data');
writeTrainingData(dataDir, 43); // of which ten are validated on: four batches of eight, the last with one more

type Stop = (event: RunEvent) => boolean;

const atStep =
  (step: number): Stop =>
  (event) =>
    event.type === 'step' && event.step === step;

const STOPS: readonly (readonly [string, Stop])[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((step) => [`at step ${step} of 8`, atStep(step)] as const),
  ['while the first epoch was validated', (event) => event.type === 'validation' && event.epoch === 1],
  ['while the second epoch was validated', (event) => event.type === 'validation' && event.epoch === 2],
  ['behind the first epoch', (event) => event.type === 'epoch' && event.epoch === 1],
];

/** Its table of epochs, without what the clock says of them. */
function metricsIn(folder: string): string[] {
  const rows = readFileSync(join(folder, 'metrics.csv'), 'utf8').split('\n');
  return rows.map((row) => row.replace(/,[^,]*,[^,]*$/, ''));
}

/** The same of what TensorBoard is told. */
function curvesIn(folder: string): Summary[] {
  return summariesIn(join(folder, 'tensorboard')).filter(({ tag }) => tag !== 'epoch/images_per_second');
}

/** In the middle of an epoch, at its last step, and while it is validated. */
const FEW_STOPS = [1, 3, 8].map((stop) => STOPS[stop]!);

describe.each([
  { how: 'as one graph', backend: 'tensorflow', opByOp: false, stops: FEW_STOPS },
  { how: 'op by op', backend: 'tensorflow', opByOp: true, stops: STOPS },
  { how: 'on the portable backend', backend: 'wasm', opByOp: true, stops: FEW_STOPS },
] as const)('a run whose steps are run $how', ({ backend, opByOp, stops }) => {
  const suite = backend === 'wasm' ? describe : describeWithTensorFlow;
  suite('leaves what it would have left', () => {
    const recipe = {
      schedule: 'cosine',
      augment: 'affine',
      ema: 0.9,
      weightDecay: 0.1,
      betas: [0.9, 0.99],
      clipNorm: 1,
      labelSmoothing: 0.1,
    } as const;
    const tensorboard = backend === 'tensorflow';
    const settings = { ...SETTINGS, ...recipe, dataDir, backend, opByOp, tensorboard, saveInterval: 3 };
    const folderOf = (name: string) => join(root, `${backend}, ${opByOp}, ${name}`);
    const whole = folderOf('whole');
    let runtime: Runtime;
    beforeAll(async () => {
      runtime = await openRuntime({ backend });
      await seeRun(await begin(whole, settings), runtime);
    });

    function expectWhole(folder: string): void {
      for (const file of ['best.safetensors', 'last.safetensors']) {
        expect(readFileSync(join(folder, file)).equals(readFileSync(join(whole, file)))).toBe(true);
      }
      expect(loggedTraining(folder)).toEqual(loggedTraining(whole));
      expect(metricsIn(folder)).toEqual(metricsIn(whole));
      if (tensorboard) expect(curvesIn(folder)).toEqual(curvesIn(whole));
    }

    test.each(stops)('where it was stopped %s', async (name, stopAt) => {
      const folder = folderOf(name);
      expect((await seeRun(await begin(folder, settings), runtime, stopAt)).stopped).toBe(true);
      const { notices } = await seeRun(await goOn(folder), runtime);
      expect(notices).toEqual([]);
      expectWhole(folder);
      expect(readdirSync(folder)).toEqual(readdirSync(whole));
    });

    test('where it was stopped twice', async () => {
      const folder = folderOf('twice');
      await seeRun(await begin(folder, settings), runtime, atStep(2));
      await seeRun(await goOn(folder), runtime, atStep(7));
      const { events } = await seeRun(await goOn(folder), runtime);
      expect(events[0]).toMatchObject({ step: 7, resumed: { epoch: 2, batch: 3, batches: 4, changes: [] } });
      expectWhole(folder);
      const starts = eventsIn(folder).filter(({ event }) => event === 'start');
      expect(starts.map(({ step }) => step)).toEqual([0, 2, 7]);
    });

    test('where its last checkpoint was damaged: it goes on from the one before', async () => {
      const folder = folderOf('damaged');
      await seeRun(await begin(folder, settings), runtime, atStep(7));
      truncateSync(join(folder, 'last.safetensors'), 5000);
      const { events } = await seeRun(await goOn(folder), runtime);
      expect(events[0]).toMatchObject({ step: 6 });
      expectWhole(folder);
    });
  });
});
