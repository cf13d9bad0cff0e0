/** The images that a run trains on and validates on: the same for the same data, seed and sizes. */
import { type Dataset, loadDataset } from '../dataset/source.ts';
import { limitTo, splitTrainValidation } from '../dataset/split.ts';

export interface TrainingData {
  readonly dataset: Dataset;
  /** Indices of images, ascending. */
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

export interface TrainingDataOptions {
  readonly dataDir?: string | undefined;
  readonly classes?: number | undefined;
  readonly validationSize: number;
  readonly seed: number;
  /** At most so many images of each part; default: all. */
  readonly limitTrain?: number | undefined;
  readonly limitValidation?: number | undefined;
}

/** @throws UserError (data) where the files are at fault, (usage) where the split leaves nothing */
export function loadTrainingData(options: TrainingDataOptions): TrainingData {
  const { validationSize, seed, limitTrain, limitValidation } = options;
  const dataset = loadDataset('train', options);
  const { train, validation } = splitTrainValidation(dataset.labels, validationSize, seed);
  const limit = (indices: Int32Array, size = indices.length) => limitTo(indices, dataset.labels, size, seed);
  return { dataset, train: limit(train, limitTrain), validation: limit(validation, limitValidation) };
}
