/** An event of training for tests of what draws it. */
import type { StepEvent } from '../../src/training/events.ts';

/** A step of a run on MNIST. */
export const STEP_EVENT: StepEvent = {
  type: 'step',
  epoch: 1,
  step: 101,
  batches: 430,
  batch: 100,
  seen: 12_800,
  total: 55_000,
  loss: 0.123456,
  learningRate: 0.00098,
  epochMean: { images: 12_928, loss: 0.25, accuracy: 0.9234 },
  imagesPerSecond: 40,
  steadyImagesPerSecond: 500,
};
