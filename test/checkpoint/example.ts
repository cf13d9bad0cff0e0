/** A small checkpoint for tests. */
import type { CheckpointMetadata } from '../../src/checkpoint/metadata.ts';
import type { Progress } from '../../src/checkpoint/progress.ts';
import type { Strangeness } from '../../src/checkpoint/strangeness.ts';
import type { Tensor } from '../../src/checkpoint/tensor.ts';

/** The metadata of a checkpoint without the optimizer's state. */
export const METADATA: CheckpointMetadata = {
  toolVersion: '0.1.0',
  architecture: { depth: 18, width: 64, variant: 'lesson', stem: 'imagenet', channels: 1, classes: 10 },
  input: [1, 28, 28],
  normalisation: { mean: 0.5, std: 0.5 },
  seed: 42,
  validationSize: 5000,
  epoch: 2,
  step: 860,
  validationLoss: 0.046875,
  validationAccuracy: 0.985,
  dataHash: 'c5097fdd'.repeat(8),
  background: 'dark',
  settings: { epochs: 2, learningRate: 0.001, batchSize: 128 },
  computedOn: { backend: 'tensorflow', device: 'cpu', version: '2.21.0', compiled: true },
};

/** What the validation images of two classes are like, in shapes of three numbers. */
export const STRANGENESS: Strangeness = {
  images: 500,
  limit: 1.5,
  energy: { middle: -4, spread: 0.75 },
  logits: {
    middle: 1.5,
    spread: 10,
    classes: [
      { mean: [5, -1], whitening: [2, 0.25, 3] },
      { mean: [-0.5, 6], whitening: [1, -1, 4] },
    ],
  },
  shape: {
    middle: 3,
    spread: 2.5,
    order: 1,
    classes: [
      { mean: [2.5, -1, 0], whitening: [1, 0, 1, -0.5, 0, 2] },
      { mean: [3.5, 1, 0.25], whitening: [2, 0.125, 1, 0, 0, 1] },
    ],
  },
};

/** The position in the metadata of a checkpoint with the optimizer's state. */
export const PROGRESS: Progress = {
  epochs: 2,
  step: 860,
  batch: 3,
  sums: { count: 384, lossSum: 12.5, correct: 380 },
  shuffle: [1, -2, 3, -4],
  augmentation: [5, 6, -7, 8],
  best: { epoch: 1, step: 430, loss: 0.0625, accuracy: 0.98 },
};

/** A few weights and a counter, as small as a checkpoint can be. */
export function weights(...values: number[]): Map<string, Tensor> {
  return new Map<string, Tensor>([
    ['conv.weight', { dtype: 'F32', shape: [values.length, 1], data: Float32Array.from(values) }],
    ['batchnorm.num_batches_tracked', { dtype: 'I64', shape: [], data: BigInt64Array.of(860n) }],
  ]);
}
