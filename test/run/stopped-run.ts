/** Compares a run that is stopped and resumed many times with one that never stops: the same bits in the same files. */
import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import type { RunEvent } from '../../src/run/run-events.ts';
import type { RunSettings } from '../../src/run/settings.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { type Summary, summariesIn } from '../support/event-files.ts';
import { begin, eventsIn, loggedTraining, resumeIn, SETTINGS, seeRun, writeTrainingData } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();
const dataDir = join(root, 'data');
writeTrainingData(dataDir, 133); // of which a hundred are validated on: four batches of eight, the last with one more

type Stop = (event: RunEvent) => boolean;

const atStep =
  (step: number): Stop =>
  (event) =>
    event.type === 'step' && event.step === step;

const afterEpoch =
  (epoch: number): Stop =>
  (event) =>
    event.type === 'epoch' && event.epoch === epoch;

const duringValidation =
  (epoch: number): Stop =>
  (event) =>
    event.type === 'validation' && event.epoch === epoch;

/** After this stop the last checkpoint is damaged, so that the previous one is resumed, of the step before. */
const DAMAGED = 7;
const DAMAGED_STOP = atStep(DAMAGED);

/** The stops of a run, and the steps that it begins at: first, and each time that it is resumed. */
interface Stops {
  readonly stops: readonly Stop[];
  readonly starts: readonly number[];
}

/** Everywhere that a run of two epochs of four steps is stopped, in the order in which it gets there. */
export const ALL_STOPS: Stops = {
  stops: [
    ...[1, 2, 3, 4].map(atStep),
    duringValidation(1),
    afterEpoch(1), // it is stopped before the next step, the fifth
    atStep(6),
    DAMAGED_STOP,
    atStep(8),
    duringValidation(2),
  ],
  starts: [0, 1, 2, 3, 4, 4, 4, 6, 6, 8, 8],
};

/** Stops in the middle of an epoch, while it is validated, and in the middle of the next. */
export const FEW_STOPS: Stops = {
  stops: [atStep(2), duringValidation(1), DAMAGED_STOP],
  starts: [0, 2, 4, 6],
};

/** A run's table of epochs, without the speed and the time of each. */
function metricsIn(folder: string): string[] {
  const rows = readFileSync(join(folder, 'metrics.csv'), 'utf8').split('\n');
  return rows.map((row) => row.replace(/,[^,]*,[^,]*$/, ''));
}

/** A run's curves in TensorBoard, without the speed. */
function curvesIn(folder: string): Summary[] {
  return summariesIn(join(folder, 'tensorboard')).filter(({ tag }) => tag !== 'epoch/images_per_second');
}

/** The backend that computes a run, and whether a step is one graph. */
interface Computation {
  readonly backend: 'tensorflow' | 'wasm';
  readonly opByOp: boolean;
  /** Whether it begins with the weights of another, and some parts are frozen in its first epoch; default: false. */
  readonly thaws?: boolean;
  /** Whether its images are changed as photographs, and its classes weigh differently; default: false. */
  readonly photos?: boolean;
}

/** Declares the test that compares such a run, stopped and resumed, with one that never stops. */
export function testStoppedRun(
  { backend, opByOp, thaws = false, photos = false }: Computation,
  { stops, starts }: Stops,
): void {
  const recipe = {
    schedule: 'cosine',
    augment: photos ? 'photo' : 'affine',
    ...(photos ? { classWeights: 'balanced' as const } : {}),
    ema: 0.9,
    weightDecay: 0.1,
    betas: [0.9, 0.99],
    clipNorm: 1,
    labelSmoothing: 0.1,
    bestBy: 'macro-f1',
  } as const;
  const tensorboard = backend === 'tensorflow';
  const run = { dataDir, backend, opByOp, tensorboard, saveInterval: 3, validationSize: 100 };
  const folderOf = (name: string) => join(root, `${backend}, ${opByOp}, ${name}`);
  const [whole, begun] = [folderOf('whole'), folderOf('begun')];
  const frozen: Partial<RunSettings> = {
    ...{ init: join(begun, 'best.safetensors'), freeze: ['stem', 'stage2', 'stage4'], thawAt: 2, bodyRate: 0.5 },
  };
  const settings: RunSettings = { ...SETTINGS, ...recipe, ...run, ...(thaws ? frozen : {}) };
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend });
    if (thaws) await seeRun(await begin(begun, { ...SETTINGS, ...run, tensorboard: false, epochs: 1 }), runtime);
    await seeRun(await begin(whole, settings), runtime);
  });

  test(`stopped ${stops.length} times, and its last checkpoint damaged at step ${DAMAGED}, leaves the very same files`, async () => {
    const folder = folderOf('stopped');
    const began: number[] = [];
    for (const stop of [...stops, undefined]) {
      const run = began.length === 0 ? await begin(folder, settings) : await resumeIn(folder);
      const { events, notices, stopped } = await seeRun(run, runtime, stop);
      began.push((events[0] as { step: number }).step);
      expect({ began, stopped, notices }).toEqual({ began, stopped: stop !== undefined, notices: [] });
      if (stop === DAMAGED_STOP) truncateSync(join(folder, 'last.safetensors'), 5000);
    }
    expect(began).toEqual(starts);
    const logged = eventsIn(folder).filter(({ event }) => event === 'start');
    expect(logged.map(({ step }) => step)).toEqual(starts);
    expect(logged.map(({ frozen }) => frozen !== undefined)).toEqual(starts.map((step) => thaws && step < 5));
    expect(logged.at(-1)).toMatchObject({ resumed: { epoch: 2, batches: 4, changes: [] } });
    for (const file of ['best.safetensors', 'last.safetensors']) {
      expect((await loadCheckpoint(join(whole, file))).metadata?.strangeness?.images).toBe(100);
      expect(readFileSync(join(folder, file)).equals(readFileSync(join(whole, file)))).toBe(true);
    }
    expect(loggedTraining(folder)).toEqual(loggedTraining(whole));
    const thawed = eventsIn(folder).filter(({ event }) => event === 'thaw');
    expect(thawed).toEqual(thaws ? [{ event: 'thaw', epoch: 2, step: 5 }] : []);
    expect(metricsIn(folder)).toEqual(metricsIn(whole));
    if (tensorboard) expect(curvesIn(folder)).toEqual(curvesIn(whole));
    const files = [...readdirSync(whole), 'earlier']; // where the damaged checkpoint is
    expect(readdirSync(folder).sort()).toEqual(files.sort());
  });
}
