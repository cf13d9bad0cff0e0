/** Settings that say which images are trained on, in which order and batches, and which are held out. */
import type { SplitOptions } from '../../dataset/split.ts';
import { MAX_SEED } from '../../random.ts';
import { count, countOrFraction, onOff, path, whole } from '../../value-kinds.ts';
import type { SettingsTable } from './setting.ts';

/** Values of the settings of the data. */
export interface DataSettings extends SplitOptions {
  readonly batchSize: number;
  /** Folder or file of the data; default: MNIST. */
  readonly dataDir?: string | undefined;
  /** Whether the images' rows and columns are exchanged when they are loaded. */
  readonly transpose?: boolean | undefined;
}

/** Rows of the settings of the data. */
export const DATA_SETTINGS: SettingsTable<DataSettings> = {
  seed: {
    flag: 'seed',
    group: 'Run',
    describe: 'seed of the initial weights, the validation split and the order of images',
    values: whole(0, MAX_SEED),
    default: 0,
    onResume: 'override',
    changes: ['batches', 'validation'],
  },
  batchSize: {
    flag: 'batch-size',
    group: 'Learning',
    describe: 'images of a training step',
    values: count,
    onResume: 'override',
    changes: ['batches', 'schedule'],
  },
  validationSize: {
    flag: 'val-size',
    group: 'Data',
    describe: 'training images held out to choose the best epoch: a count or a fraction',
    values: countOrFraction,
    otherwise: '5000 for MNIST, else a tenth; the data may have validation images of their own',
    onResume: 'override',
    changes: ['batches', 'validation', 'schedule'],
  },
  testSize: {
    flag: 'test-size',
    group: 'Data',
    describe: 'images held out to test with, where the data have no test part: a count or a fraction',
    values: countOrFraction,
    otherwise: 'a tenth',
    optional: true,
    onResume: 'override',
    changes: ['batches', 'validation', 'schedule'],
  },
  limitTrain: {
    flag: 'limit-train',
    group: 'Data',
    describe: 'train on only this many images',
    values: count,
    otherwise: 'all',
    optional: true,
    onResume: 'override',
    changes: ['batches', 'schedule'],
  },
  limitValidation: {
    flag: 'limit-val',
    group: 'Data',
    describe: 'validate on only this many images',
    values: count,
    otherwise: 'all',
    optional: true,
    onResume: 'override',
    changes: ['validation'],
  },
  // The folder may move: its content is compared by hash, see `TRAINING_DATA`.
  dataDir: {
    flag: 'data-dir',
    group: 'Data',
    describe: 'folder or file of the data: a folder a class, IDX, CIFAR, .npz, .npy, Parquet or CSV',
    values: path,
    otherwise: 'MNIST',
    optional: true,
    onResume: 'free',
  },
  // Fixed: the weights have learned from images that stand this way, and would read the others as noise.
  transpose: {
    flag: 'transpose',
    group: 'Data',
    describe: "exchange the images' rows and columns: for data that lie on their side, as EMNIST does",
    values: onOff,
    default: false,
    optional: true,
    onResume: 'fixed',
  },
};
