/**
 * Faults in a checkpoint's metadata: every reader refuses them with the same words. `test/faults/checkpoint.slow.test.ts`
 * gives some of them to every command.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { CheckpointMetadata } from '../../src/checkpoint/metadata.ts';
import type { Tensor } from '../../src/checkpoint/tensor.ts';
import { MNIST_TRAINING_SHA256 } from '../../src/dataset/mnist.ts';
import { outlineOf, tensorsOf } from '../../src/model/model-tensors.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { readSoundModel } from '../../src/run/read-model.ts';
import { openResumePoint } from '../../src/run/resume/resume-point.ts';
import { verifyCheckpoints } from '../../src/run/verify.ts';
import { METADATA, PROGRESS, STRANGENESS } from '../checkpoint/example.ts';
import { SETTINGS } from '../support/runs.ts';
import { writeCheckpoint } from '../support/safetensors.ts';
import { initialState } from '../support/states.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const path = join(folder, 'last.safetensors');

const { depth, width, variant, stem, classes, seed, validationSize } = SETTINGS;
const architecture = { depth, width, variant, stem, classes, channels: 1 };
const parameters = parametersOf(traceShapes(resNet(architecture), [1, 28, 28]));

const progress = { ...PROGRESS, batch: 3, sums: { count: 24, lossSum: 12.5, correct: 20 } };
const SOUND: CheckpointMetadata = {
  ...{ ...METADATA, architecture, seed, validationSize, progress },
  settings: { ...SETTINGS },
};

/** Weights and moments of the network, those of Adam all 0. */
const tensors = new Map<string, Tensor>();
beforeAll(() => {
  for (const [name, tensor] of tensorsOf(parameters, initialState(parameters))) tensors.set(name, tensor);
  for (const entry of outlineOf(parameters, { optimizer: true })) {
    const { name, shape } = entry as typeof entry & { readonly name: string };
    if (tensors.has(name)) continue;
    const count = shape.reduce((product, size) => product * size, 1);
    tensors.set(name, { dtype: 'F32', shape, data: new Float32Array(count) });
  }
});

/** Writes the file with these changes to its metadata, and the right checksum. */
const write = (changes: object) => writeCheckpoint(path, tensors, { ...SOUND, ...changes });

describe('a checkpoint', () => {
  test('that is sound is read by all', async () => {
    write({});
    await expect(readSoundModel(path)).resolves.toMatchObject({ architecture });
    await expect(openResumePoint({ folder, checkpoint: path })).resolves.toMatchObject({ path });
    expect(await verifyCheckpoints({ folder, checkpoint: path })).toEqual([
      expect.objectContaining({ path, resumable: true }),
    ]);
  });

  const settings = (changes: object) => ({ settings: { ...SETTINGS, ...changes } });
  const above0 = 'expected a number above 0, within single precision, got';
  const deviation = 'expected a number from 0.000001 to 1000000';
  test.each<[object, string]>([
    [{ normalisation: { mean: 0.5, std: 0 } }, `resnet.normalisation.std: ${deviation}, got 0`],
    [{ normalisation: { mean: 0.5, std: -0.5 } }, `resnet.normalisation.std: ${deviation}, got -0.5`],
    [{ normalisation: { mean: 0.5, std: 'NaN' } }, `resnet.normalisation.std: ${deviation}, got "NaN"`],
    [{ normalisation: { mean: 0.5, std: 1e-38 } }, `resnet.normalisation.std: ${deviation}, got 1e-38`],
    [{ normalisation: { mean: 0.5 } }, `resnet.normalisation.std: is missing, ${deviation}`],
    [
      { normalisation: { mean: [0, 0, 0], std: 1 } },
      'resnet.normalisation.mean: 3 values, but the architecture has 1 channels',
    ],
    [{ validationLoss: -1 }, 'resnet.validation_loss: expected a number of at least 0, got -1'],
    [{ validationBalancedAccuracy: 2 }, 'resnet.validation_balanced_accuracy: expected a number from 0 to 1, got 2'],
    [{ validationMacroF1: -1 }, 'resnet.validation_macro_f1: expected a number from 0 to 1, got -1'],
    [{ temperature: 0 }, 'resnet.temperature: expected a number from 0.001 to 1000, got 0'],
    [
      { strangeness: { ...STRANGENESS, limit: 'NaN' } },
      'resnet.strangeness.limit: expected a finite number, got "NaN"',
    ],
    [{ strangeness: STRANGENESS }, 'resnet.strangeness.logits.classes: 2, but the architecture has 10'],
    [
      { progress: { ...progress, best: { ...PROGRESS.best, loss: -1 } } },
      'resnet.progress.best.loss: expected a number of at least 0, got -1',
    ],
    [
      { progress: { ...progress, frozen: { parts: ['stem'], steps: 1 } } },
      "progress.frozen.parts: stem, but the run's settings freeze none",
    ],
    [
      { progress: { ...progress, frozen: { parts: ['stage1', 'stem'], steps: 1 } } },
      'progress.frozen.parts: ["stage1","stem"] are not some of stem, stage1, stage2, stage3, stage4, each once and in this order; use another checkpoint',
    ],
    [
      {
        progress: { ...progress, frozen: { parts: ['stem'], steps: 1 } },
        ...settings({ freeze: ['stem'], thawAt: 4 }),
      },
      'progress.frozen.steps: 1 in epoch 3, but the run thaws at 4',
    ],
    [
      {
        progress: { ...progress, frozen: { parts: ['stem'], steps: 859 } },
        ...settings({ freeze: ['stem'], thawAt: 3 }),
      },
      'progress.frozen.steps: 859 in epoch 3, but the run thaws at 3',
    ],
    [{ input: [3, 28, 28] }, 'resnet.input: 3 channels, but the architecture has 1'],
    [{ input: [1, 28, 0] }, 'resnet.input[2]: expected an integer of at least 1, got 0'],
    [{ dataHash: 'c5097fdd' }, 'resnet.data_hash: expected 64 hexadecimal digits, got "c5097fdd"'],
    [
      { dataHash: MNIST_TRAINING_SHA256, input: [1, 14, 14] },
      "resnet.input: 1×14×14, but the images of its data_hash, MNIST's, are 1×28×28",
    ],
    [
      { dataHash: MNIST_TRAINING_SHA256, validationSize: 60_000, settings: { ...SETTINGS, validationSize: 60_000 } },
      "resnet.validation_size: 60000, but its data_hash is that of MNIST's 60000 training images",
    ],
    [{ seed: 2 ** 32 }, 'resnet.seed: expected an integer from 0 to 4294967295, got 4294967296'],
    [{ seed: 4 }, 'settings.seed: 3, but its run has 4'],
    [{ validationSize: 11 }, 'settings.validationSize: 10, but its run has 11'],
    [settings({ depth: 34 }), 'settings.depth: 34, but its network has 18'],
    [settings({ learningRate: -1 }), `settings.learningRate: ${above0} -1`],
    [
      settings({ normalisation: [0.1, 0.3] }),
      'settings.normalisation: 0.1,0.3, but its images were normalised by 0.5,0.5',
    ],
    [{ settings: undefined }, 'settings.depth: is missing, expected one of 18, 34, 50, 101, 152'],
    [
      { progress: { ...progress, sums: { ...progress.sums, count: 26 } } },
      'progress.sums.images: 26 in 3 steps of 8 images',
    ],
  ])('whose metadata say %j is refused by all (exit 4)', async (changes, problem) => {
    write(changes);
    const message = `${path}: metadata ${problem}`;
    await expect(readSoundModel(path)).rejects.toMatchObject({ code: 4, message });
    await expect(openResumePoint({ folder, checkpoint: path })).rejects.toMatchObject({ code: 4, message });
    expect(await verifyCheckpoints({ folder, checkpoint: path })).toEqual([{ path, problem: message, code: 4 }]);
  });
});
