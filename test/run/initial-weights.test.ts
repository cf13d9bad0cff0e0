/** The weights that a new run starts from, and the checkpoints that `--init` refuses. */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parametersOf } from '../../src/net/parameters.ts';
import { type Architecture, resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { initialWeights } from '../../src/run/initial-weights.ts';
import type { RunSettings } from '../../src/run/settings.ts';
import { columnsDataset } from '../support/datasets.ts';
import { ARCHITECTURE, PARAMETERS, runFolder } from '../support/run-folders.ts';
import { SETTINGS } from '../support/runs.ts';
import { valuesOf } from '../support/states.ts';

/** The state that a run with these settings starts from. */
const initialState = async (settings: Partial<RunSettings>, network: ReturnType<typeof networkOf>) =>
  (await initialWeights({ ...SETTINGS, ...settings }, network, () => {})).state;

/** A run's network, with these changes to that of the checkpoints, on data whose labels go from 0 to `labels - 1`. */
function networkOf(changes: Partial<Architecture>, labels = 10) {
  const architecture = { ...ARCHITECTURE, ...changes };
  const parameters = parametersOf(traceShapes(resNet(architecture), [architecture.channels, 28, 28]));
  return { architecture, parameters, data: { dataset: columnsDataset(labels, 12) } };
}

const checkpointOf = async (architecture: Architecture) =>
  join(await runFolder({ 'best.safetensors': { architecture } }), 'best.safetensors');

describe('a run with --init', () => {
  test('starts from the weights of the checkpoint, without its optimizer', async () => {
    const init = join(await runFolder({ 'last.safetensors': 'resumable' }), 'last.safetensors');
    const saved = await initialState({ init, seed: 0 }, networkOf({}));
    expect(saved.optimizer).toBeUndefined();
    const random = await initialState({ init: undefined, seed: 0 }, networkOf({}));
    expect([...valuesOf(PARAMETERS, saved.values).keys()]).toEqual([...valuesOf(PARAMETERS, random.values).keys()]);
    expect(saved.values.get('conv.weight')).not.toEqual(random.values.get('conv.weight'));
  });

  test('is warned of if its images are dark on light and the checkpoint learned from light on dark', async () => {
    const init = await checkpointOf(ARCHITECTURE);
    const { warnings } = await initialWeights({ ...SETTINGS, init }, networkOf({}), () => {});
    expect(warnings).toEqual([
      `images: images are dark on light, but ${init} learned from light on dark: invert the images`,
    ]);
  });

  test.each<[Partial<Architecture>, number, string]>([
    [{ depth: 34 }, 10, "depth 18, but this run's has depth 34; give --depth 18"],
    [{ width: 4, stem: 'cifar' }, 10, "width 1, stem imagenet, but this run's has width 4, stem cifar; give --width 1"],
    [{ classes: 26 }, 10, "classes 10, but this run's has classes 26; give --classes 10"],
    [{ classes: 26 }, 11, "classes 10, but this run's has classes 26; the labels of this run's data go to 10: give"],
    [
      { classes: 26, depth: 34 },
      26,
      "classes 26; the labels of this run's data go to 25: give another --init, or its own --data-dir with --depth 18 --classes 10",
    ],
    [{ channels: 3 }, 10, "channels 1, but this run's has channels 3; give --channels 1"],
  ])('refuses a checkpoint for a run with %j and %i labels (exit 4)', async (changes, labels, problem) => {
    const init = await checkpointOf(ARCHITECTURE);
    const dataset = columnsDataset(labels, 12);
    dataset.labels.forEach((_, index) => {
      dataset.labels[index] = index;
    });
    const network = { ...networkOf(changes), data: { dataset } };
    const message = expect.stringContaining(problem);
    await expect(initialState({ init, seed: 0 }, network)).rejects.toMatchObject({ code: 4, message });
  });
});
