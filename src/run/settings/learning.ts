/** Settings that say how the network learns, and for how long. */
import { AUGMENTATIONS, type Augmentation } from '../../dataset/augmentation.ts';
import { HYPERPARAMETERS, type Hyperparameter, type Hyperparameters } from '../../engine/hyperparameters.ts';
import { BODY_PARTS, type BodyPart } from '../../net/parts.ts';
import { BEST_MEASURES, type BestMeasure } from '../../training/best-measure.ts';
import { SCHEDULES, type ScheduleName } from '../../training/schedule.ts';
import {
  above0,
  atLeast0,
  type ClassWeights,
  classWeights,
  count,
  duration,
  oneOf,
  someOf,
  whole,
} from '../../value-kinds.ts';
import type { SettingsTable } from './setting.ts';

/** Names of the recipes; their settings are in `recipes.ts`. */
export const RECIPE_NAMES = ['lesson', 'fast', 'best', 'sprint', 'photo', 'finetune'] as const;
/** Name of a recipe. */
export type RecipeName = (typeof RECIPE_NAMES)[number];

/** The earliest epoch from which frozen parts are trained: from the first on, nothing would be frozen. */
export const EARLIEST_THAW = 2;

/** Values of the settings of learning. */
export interface LearningSettings extends Partial<Hyperparameters> {
  /** Recipe that gave the settings which the user did not give; absent in runs from before there were recipes. */
  readonly recipe?: RecipeName | undefined;
  /** Epochs of the whole run, those before a resume included. */
  readonly epochs: number;
  /** The measure on the validation images by which an epoch is better than another; default: `loss`. */
  readonly bestBy?: BestMeasure | undefined;
  /** Number of epochs without a better one that end the run; default: no limit. */
  readonly patience?: number | undefined;
  /** Seconds since the start: no epoch begins that would probably end later; default: no limit. */
  readonly maxTime?: number | undefined;
  /** Highest learning rate of the schedule. */
  readonly learningRate: number;
  readonly schedule: ScheduleName;
  /** Epochs in which the learning rate rises, see `Schedule`. */
  readonly warmup?: number | undefined;
  readonly augment?: Augmentation | undefined;
  /** Weights of the classes in the training loss; a file's numbers take its place before a run starts. */
  readonly classWeights?: ClassWeights | undefined;
  /** Parts of the network that are not trained before `thawAt`; default: none. */
  readonly freeze?: readonly BodyPart[] | undefined;
  /** The epoch, counted from 1, from which on the frozen parts are trained too; default: never. */
  readonly thawAt?: number | undefined;
}

/** Rows of the hyper-parameters; a resumed run may change them all. */
const HYPERPARAMETER_SETTINGS = Object.fromEntries(
  Object.entries<Hyperparameter>(HYPERPARAMETERS).map(([name, row]) => {
    return [name, { ...row, group: 'Learning', optional: true, onResume: 'free' }];
  }),
) as unknown as SettingsTable<Partial<Hyperparameters>>;

/** Rows of the settings of learning. */
export const LEARNING_SETTINGS: SettingsTable<LearningSettings> = {
  recipe: {
    flag: 'recipe',
    group: 'Learning',
    describe: 'preset of the learning options, --width and --stem',
    values: oneOf(RECIPE_NAMES),
    optional: true,
    onResume: 'fixed',
  },
  epochs: {
    flag: 'epochs',
    group: 'Learning',
    describe: 'passes over the training images, those before a resume included',
    values: count,
    onResume: 'free',
    changes: ['schedule'],
  },
  bestBy: {
    flag: 'best-by',
    group: 'Run',
    describe: 'measure on the validation images that chooses the best epoch, also for --patience',
    values: oneOf(BEST_MEASURES),
    default: 'loss',
    optional: true,
    onResume: 'free',
  },
  patience: {
    flag: 'patience',
    group: 'Run',
    describe: 'end after this many epochs without a better one',
    values: count,
    otherwise: 'never',
    optional: true,
    onResume: 'free',
  },
  maxTime: {
    flag: 'max-time',
    group: 'Run',
    describe: 'start no epoch that would end later, e.g. 90s, 10m or 1.5h; the first epoch is always trained',
    values: duration,
    otherwise: 'no limit',
    optional: true,
    onResume: 'free',
  },
  learningRate: {
    flag: 'lr',
    group: 'Learning',
    describe: "Adam's learning rate: the highest of the schedule",
    values: above0,
    onResume: 'free',
    changes: ['schedule'],
  },
  schedule: {
    flag: 'schedule',
    group: 'Learning',
    describe: 'schedule of the learning rate',
    values: oneOf(SCHEDULES),
    onResume: 'free',
    changes: ['schedule'],
  },
  warmup: {
    flag: 'warmup',
    group: 'Learning',
    describe: 'epochs, or a fraction of one, in which the learning rate rises',
    values: atLeast0,
    otherwise: '0; with one-cycle 0.3 of the epochs',
    optional: true,
    onResume: 'free',
    changes: ['schedule'],
  },
  augment: {
    flag: 'augment',
    group: 'Learning',
    describe: 'random change of each training image, drawn again in each epoch',
    values: oneOf(AUGMENTATIONS),
    default: 'none',
    optional: true,
    onResume: 'free',
  },
  classWeights: {
    flag: 'class-weights',
    group: 'Learning',
    describe: 'weights of the classes in the training loss; balanced makes classes of any size count alike',
    values: classWeights,
    default: 'none',
    optional: true,
    onResume: 'free',
  },
  ...HYPERPARAMETER_SETTINGS,
  freeze: {
    flag: 'freeze',
    group: 'Learning',
    describe: 'parts of the body that keep the weights of --init, computed but not trained',
    values: someOf(BODY_PARTS, 'body'),
    otherwise: 'none',
    optional: true,
    onResume: 'fixed',
  },
  thawAt: {
    flag: 'thaw-at',
    group: 'Learning',
    describe: 'epoch, counted from 1, from which on the frozen parts are trained too',
    values: whole(EARLIEST_THAW),
    otherwise: 'never',
    optional: true,
    onResume: 'free',
  },
};
