import type { CheckpointMetadata } from '../../src/checkpoint/metadata.ts';

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
  dataHash: 'c5097fdd',
  training: { learningRate: 0.001, batchSize: 128, epochs: 2 },
};
