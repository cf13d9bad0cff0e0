/** A run whose best epoch is chosen by another measure than the loss, and the temperature that is saved with it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import type { CheckpointMetadata } from '../../src/checkpoint/metadata.ts';
import { loadDataset } from '../../src/dataset/load.ts';
import { splitImages } from '../../src/dataset/split.ts';
import { withModelEngine } from '../../src/engine/open-engine.ts';
import { logitsOf } from '../../src/evaluation/evaluate.ts';
import { temperatureOf } from '../../src/evaluation/temperature.ts';
import { readModelFile } from '../../src/model/model-file.ts';
import type { RunEvent } from '../../src/run/run-events.ts';
import { normalisationIn, type RunSettings } from '../../src/run/settings.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { type BestMeasure, figureOf, type MeasuredEpoch } from '../../src/training/best-measure.ts';
import { begin, eventsIn, resumeIn, SETTINGS, seeRun, writeTrainingData } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();
const dataDir = join(root, 'data');
writeTrainingData(dataDir, 72);
const folder = join(root, 'run');
const settings: RunSettings = {
  ...{ ...SETTINGS, dataDir, backend: 'wasm', batchSize: 16, learningRate: 0.03 },
  ...{ validationSize: 40, epochs: 4, bestBy: 'accuracy', labelSmoothing: 0.1 },
};
let runtime: Runtime;
beforeAll(async () => {
  runtime = await openRuntime({ backend: 'wasm' });
  await seeRun(await begin(folder, settings), runtime);
});

const epochs = () => eventsIn(folder).filter(({ event }) => event === 'epoch');
const metadataOf = async (file: string): Promise<CheckpointMetadata> => {
  return (await loadCheckpoint(join(folder, file), { keep: () => false })).metadata!;
};

/** Of the logged epochs the number of the best by a measure, of equal ones that with the lowest loss. */
function bestEpochBy(measure: BestMeasure): unknown {
  const rank = ({ validation }: Record<string, unknown>) => {
    const figures = validation as MeasuredEpoch;
    return [figureOf(figures, measure)!, -figures.loss] as const;
  };
  return epochs().toSorted((a, b) => rank(b)[0] - rank(a)[0] || rank(b)[1] - rank(a)[1])[0]?.epoch;
}

test('--best-by accuracy keeps the epoch of the highest accuracy, and says so at the start and at the end', async () => {
  expect(eventsIn(folder)[0]).toMatchObject({ event: 'start', bestBy: 'accuracy' });
  const { epoch, validationAccuracy, validationMacroF1, settings: saved } = await metadataOf('best.safetensors');
  expect(epoch).toBe(bestEpochBy('accuracy'));
  const { validation } = epochs()[epoch - 1] as { validation: Record<string, number> };
  expect(Object.keys(validation)).toEqual(['images', 'loss', 'accuracy', 'balancedAccuracy', 'macroF1']);
  expect([validationAccuracy, validationMacroF1]).toEqual([validation.accuracy, validation.macroF1]);
  expect(saved).toMatchObject({ bestBy: 'accuracy' });
  const { images: _, ...figures } = validation;
  expect(eventsIn(folder).at(-1)).toMatchObject({ event: 'end', bestBy: 'accuracy', best: { epoch, ...figures } });
});

test('the temperature of the best is that of its logits of the validation images, and is in the last of the same save', async () => {
  const path = join(folder, 'best.safetensors');
  const file = await readModelFile(path);
  const dataset = await loadDataset('train', { path: dataDir });
  const { validation } = splitImages(dataset, settings);
  const labels = Uint8Array.from(validation, (index) => dataset.labels[index]!);
  const normalisation = normalisationIn(settings);
  const logits = await withModelEngine(runtime, { ...file, normalisation }, dataset, false, (engine) =>
    logitsOf(engine, dataset, validation),
  );
  const { temperature, epoch } = await metadataOf('best.safetensors');
  expect(temperature).toBeGreaterThan(0);
  expect(temperature).toBeCloseTo(temperatureOf(logits, labels)!, 3);
  const last = await metadataOf('last.safetensors');
  expect(last.temperature).toBe(last.epoch === epoch ? temperature : undefined);
});

test('a run that is stopped while it validates, and resumed, has the same bytes, with measure and temperature', async () => {
  const parts = join(root, 'parts');
  const isStop = ({ type, ...event }: RunEvent) => type === 'validation' && 'epoch' in event && event.epoch === 2;
  expect((await seeRun(await begin(parts, settings), runtime, isStop)).stopped).toBe(true);
  await seeRun(await resumeIn(parts), runtime);
  for (const file of ['best.safetensors', 'last.safetensors']) {
    expect(readFileSync(join(parts, file)).equals(readFileSync(join(folder, file)))).toBe(true);
  }
});

test('a resumed run may have another measure: the best so far is compared by it from then on, and the change is told', async () => {
  const { epoch } = await metadataOf('best.safetensors');
  const before = epochs().length;
  const run = await resumeIn(folder, { bestBy: 'balanced-accuracy', epochs: 6 });
  expect(run.resumed?.changes).toContainEqual({ name: 'best-by', from: 'accuracy', to: 'balanced-accuracy' });
  expect(run.progress.best).toMatchObject({ epoch, balancedAccuracy: expect.any(Number) });
  await seeRun(run, runtime);
  const figureAt = (number: number) =>
    figureOf(epochs()[number - 1]!.validation as MeasuredEpoch, 'balanced-accuracy')!;
  const [rest, best] = [epochs().slice(before), (await metadataOf('best.safetensors')).epoch];
  expect(rest).toHaveLength(2);
  const most = Math.max(figureAt(epoch), ...rest.map((each) => figureAt(Number(each.epoch))));
  expect(figureAt(best)).toBeCloseTo(most, 12); // of figures that only rounding tells apart the lower loss decides
  expect((await metadataOf('last.safetensors')).settings).toMatchObject({ bestBy: 'balanced-accuracy' });
});
