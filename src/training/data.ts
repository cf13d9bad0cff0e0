/** The images that a run trains on and validates on: the same for the same data, seed and sizes. */
import type { Dataset } from '../dataset/source.ts';
import { limitTo, splitTrainValidation } from '../dataset/split.ts';

export interface TrainingData {
  readonly dataset: Dataset;
  /** Indices of images, ascending. */
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

export interface SplitOptions {
  readonly validationSize: number;
  readonly seed: number;
  /** At most so many images of each part; default: all. */
  readonly limitTrain?: number | undefined;
  readonly limitValidation?: number | undefined;
}

/** @throws UserError (data, usage) where the split leaves nothing */
export function splitTrainingData(dataset: Dataset, options: SplitOptions): TrainingData {
  const { validationSize, seed, limitTrain, limitValidation } = options;
  const { train, validation } = splitTrainValidation(dataset.labels, validationSize, seed);
  const limit = (indices: Int32Array, size = indices.length) => limitTo(indices, dataset.labels, size, seed);
  return { dataset, train: limit(train, limitTrain), validation: limit(validation, limitValidation) };
}
