/** The weights that a new run starts from, and the checkpoints that `--init` refuses. */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { saveCheckpoint } from '../../src/checkpoint/save-checkpoint.ts';
import { tensorsOf } from '../../src/model/model-tensors.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { type Architecture, resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { initialWeights } from '../../src/run/initial-weights.ts';
import type { RunSettings } from '../../src/run/settings.ts';
import { METADATA } from '../checkpoint/example.ts';
import { columnsDataset } from '../support/datasets.ts';
import { ARCHITECTURE, PARAMETERS, runFolder } from '../support/run-folders.ts';
import { SETTINGS } from '../support/runs.ts';
import { initialState as untrainedState, valuesOf } from '../support/states.ts';

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

  test('has its head drawn anew by the seed where the classes differ, and says so', async () => {
    const init = await checkpointOf(ARCHITECTURE);
    const told: string[] = [];
    const network = networkOf({ classes: 3 });
    const { state } = await initialWeights({ ...SETTINGS, init, seed: 5 }, network, (text) => told.push(text));
    expect(told).toEqual([`${init}: FC: 10 → 3 classes, drawn anew; 125 tensors taken`]);
    const random = await initialState({ init: undefined, seed: 5 }, network);
    const kept = await initialState({ init, seed: 5 }, networkOf({}));
    for (const name of ['FC.weight', 'FC.bias']) expect(state.values.get(name)).toEqual(random.values.get(name));
    expect(state.values.get('conv.weight')).toEqual(kept.values.get('conv.weight'));
  });

  test('has its head drawn anew by --head new, although the classes are as many', async () => {
    const init = await checkpointOf(ARCHITECTURE);
    const random = await initialState({ init: undefined, seed: 0 }, networkOf({}));
    const anew = await initialState({ init, head: 'new', seed: 0 }, networkOf({}));
    const kept = await initialState({ init, head: 'keep', seed: 0 }, networkOf({}));
    expect(anew.values.get('FC.weight')).toEqual(random.values.get('FC.weight'));
    expect(kept.values.get('FC.weight')).not.toEqual(random.values.get('FC.weight'));
  });

  test('has its first kernels fitted where the channels differ, and says so', async () => {
    const init = await checkpointOf(ARCHITECTURE);
    const told: string[] = [];
    const { state } = await initialWeights({ ...SETTINGS, init }, networkOf({ channels: 3 }), (text) =>
      told.push(text),
    );
    expect(told).toEqual([`${init}: conv: 1 → 3 channels, kernels repeated and divided by 3; 127 tensors taken`]);
    expect(state.values.get('conv.weight')).toHaveLength(3 * 49);
  });

  test('takes the normalisation of the checkpoint, of one channel for grey images', async () => {
    const normalisation = { mean: [0.4, 0.5, 0.6], std: [0.1, 0.2, 0.3] };
    const architecture = { ...ARCHITECTURE, channels: 3 };
    const changes = { architecture, input: [3, 28, 28], normalisation, settings: undefined } as const;
    const values = untrainedState(networkOf({ channels: 3 }).parameters);
    const init = join(await runFolder({}), 'colour.safetensors');
    await saveCheckpoint(init, tensorsOf(networkOf({ channels: 3 }).parameters, values), { ...METADATA, ...changes });
    const { settings } = await initialWeights({ ...SETTINGS, init, normalisation: undefined }, networkOf({}), () => {});
    expect(settings.normalisation?.[0]).toBeCloseTo(0.5, 12);
    expect(settings.normalisation?.[1]).toBeCloseTo(0.2, 12);
  });

  test.each<[Partial<Architecture>, number, Partial<RunSettings>, string | RegExp]>([
    [
      { depth: 34 },
      10,
      {},
      "tensor resnet_block1.residual_2.conv1.weight (1×1×3×3) is missing: its network has depth 18, but this run's has depth 34; give --depth 18",
    ],
    [
      { width: 4, stem: 'cifar' },
      10,
      {},
      "tensor conv.weight is 1×1×7×7, but this run's is 4×1×3×3: its network has width 1, stem imagenet, but this run's has width 4, stem cifar; give --width 1",
    ],
    [
      { variant: 'torchvision', classes: 3 },
      10,
      {},
      "tensor conv1.weight (1×1×7×7) is missing: its network has variant lesson, but this run's has variant torchvision; give",
    ],
    [
      { classes: 26 },
      10,
      { head: 'keep' },
      "tensor FC.weight is 10×8, but this run's is 26×8: its network has classes 10, but this run's has classes 26; leave --head keep out, or give --classes 10",
    ],
    [{ classes: 26 }, 11, { head: 'keep' }, /this run's has classes 26; leave --head keep out$/],
    [{ classes: 26, depth: 34 }, 26, { head: 'keep' }, /classes 26; give --depth 18 and leave --head keep out$/],
  ])(
    'refuses a checkpoint for a run with %j, %i labels and settings %j (exit 4)',
    async (changes, labels, settings, problem) => {
      const init = await checkpointOf(ARCHITECTURE);
      const dataset = columnsDataset(labels, 12);
      dataset.labels.forEach((_, index) => {
        dataset.labels[index] = index;
      });
      const network = { ...networkOf(changes), data: { dataset } };
      const message = typeof problem === 'string' ? expect.stringContaining(problem) : expect.stringMatching(problem);
      await expect(initialState({ ...settings, init, seed: 0 }, network)).rejects.toMatchObject({ code: 4, message });
    },
  );

  test('is not told to give --classes where its data name their classes', async () => {
    const init = await checkpointOf(ARCHITECTURE);
    const dataset = { ...columnsDataset(3, 12), classNames: ['ant', 'bee', 'cat'] };
    const network = { ...networkOf({ classes: 3 }), data: { dataset } };
    const message = expect.stringMatching(/this run's has classes 3; leave --head keep out$/);
    await expect(initialState({ init, head: 'keep', seed: 0 }, network)).rejects.toMatchObject({ code: 4, message });
  });
});
