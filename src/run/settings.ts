/** Everything that a run can be told, and which of it may change when the run is resumed. */
import { boolean, type Check, type Fail, list, number, oneOf, orElse, positive, text } from '../checkpoint/fields.ts';
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import { AUGMENTATIONS, type Augmentation } from '../dataset/augmentation.ts';
import type { SplitOptions } from '../dataset/split.ts';
import { type Hyperparameters, PLAIN_ADAM } from '../engine/hyperparameters.ts';
import { ExitCode, UserError } from '../errors.ts';
import { type Architecture, DEPTHS, STEMS, VARIANTS } from '../net/resnet.ts';
import { MAX_SEED } from '../random.ts';
import { BACKENDS, DEVICES } from '../runtime/choices.ts';
import type { RuntimeChoice } from '../runtime/open.ts';
import { SCHEDULES, type ScheduleName } from '../training/schedule.ts';

/** The recipes; `recipes.ts` says what each sets. */
export const RECIPE_NAMES = ['lesson', 'fast', 'best', 'sprint'] as const;
export type RecipeName = (typeof RECIPE_NAMES)[number];

/** Settings of a run: everything that a user can configure. */
export interface RunSettings extends SplitOptions, RuntimeChoice, Omit<Architecture, 'channels'> {
  /** A folder with the four IDX files; default: MNIST. */
  readonly dataDir?: string | undefined;
  /** Where the settings that were not given are from; absent in runs from before there were any. */
  readonly recipe?: RecipeName | undefined;
  readonly epochs: number;
  /** End after so many epochs without a better one; default: none. */
  readonly patience?: number | undefined;
  /** Begin no epoch that would probably end more seconds after the start than this; default: none. */
  readonly maxTime?: number | undefined;
  readonly learningRate: number;
  /** How the learning rate goes on from there; default: `constant`. */
  readonly schedule: ScheduleName;
  /** Epochs in which it rises first; see `Schedule`. */
  readonly warmup?: number | undefined;
  readonly batchSize: number;
  /** A checkpoint that the first weights were taken from; default: random ones by `seed`. */
  readonly init?: string | undefined;
  /** How the training images are changed each time; default: not at all. */
  readonly augment?: Augmentation | undefined;
  /** See `Hyperparameters`; default: none of these. */
  readonly weightDecay?: number | undefined;
  readonly betas?: readonly [beta1: number, beta2: number] | undefined;
  readonly epsilon?: number | undefined;
  readonly clipNorm?: number | undefined;
  readonly labelSmoothing?: number | undefined;
  readonly ema?: number | undefined;
  /** Steps between two reports. */
  readonly logInterval: number;
  /** Steps between two savings inside an epoch; default: none. */
  readonly saveInterval?: number | undefined;
  /** Write event files for TensorBoard. */
  readonly tensorboard?: boolean | undefined;
  /** Run each step op by op, also where the backend could run it as one graph. */
  readonly opByOp?: boolean | undefined;
}

/**
 * What a resumed run may do with a setting: nothing, because the weights or the optimizer would not fit; change it where
 * the user says so by `--override`, because it is no longer the same run; or change it freely.
 */
export type Change = 'never' | 'override' | 'free';

interface Setting<T> {
  /** Its name on the command line. */
  readonly flag: string;
  readonly change: Change;
  /** Of what a checkpoint says. */
  readonly check: Check<T>;
  /** What leaving it out means; default: nothing that can be said. */
  readonly absent?: NonNullable<T>;
}

const seed = number(
  `an integer from 0 to ${MAX_SEED}`,
  (value) => Number.isInteger(value) && value >= 0 && value <= MAX_SEED,
);
const optional = <T>(check: Check<T>): Check<T | undefined> => orElse(undefined, check);

const above0 = number('a number above 0', (value) => value > 0 && Number.isFinite(value));
const notNegative = number('a number of at least 0', (value) => value >= 0 && Number.isFinite(value));
const below1 = number('a number from 0 to below 1', (value) => value >= 0 && value < 1);

export const SETTINGS: { readonly [Name in keyof RunSettings]-?: Setting<RunSettings[Name]> } = {
  depth: { flag: 'depth', change: 'never', check: oneOf(DEPTHS) },
  width: { flag: 'width', change: 'never', check: positive },
  variant: { flag: 'variant', change: 'never', check: oneOf(VARIANTS) },
  stem: { flag: 'stem', change: 'never', check: oneOf(STEMS) },
  classes: { flag: 'classes', change: 'never', check: positive },
  init: { flag: 'init', change: 'never', check: optional(text) },
  seed: { flag: 'seed', change: 'override', check: seed },
  batchSize: { flag: 'batch-size', change: 'override', check: positive },
  validationSize: { flag: 'val-size', change: 'override', check: positive },
  limitTrain: { flag: 'limit-train', change: 'override', check: optional(positive) },
  limitValidation: { flag: 'limit-val', change: 'override', check: optional(positive) },
  dataDir: { flag: 'data-dir', change: 'free', check: optional(text) }, // the data themselves are compared by their hash
  recipe: { flag: 'recipe', change: 'never', check: optional(oneOf(RECIPE_NAMES)) },
  epochs: { flag: 'epochs', change: 'free', check: positive },
  patience: { flag: 'patience', change: 'free', check: optional(positive) },
  maxTime: { flag: 'max-time', change: 'free', check: optional(above0) },
  learningRate: { flag: 'lr', change: 'free', check: above0 },
  schedule: { flag: 'schedule', change: 'free', check: orElse('constant', oneOf(SCHEDULES)) },
  warmup: { flag: 'warmup', change: 'free', check: optional(notNegative) },
  augment: { flag: 'augment', change: 'free', check: optional(oneOf(AUGMENTATIONS)), absent: 'none' },
  weightDecay: { flag: 'weight-decay', change: 'free', check: optional(notNegative), absent: PLAIN_ADAM.weightDecay },
  betas: {
    flag: 'betas',
    change: 'free',
    check: optional(list(below1, 2) as Check<[number, number]>),
    absent: [PLAIN_ADAM.beta1, PLAIN_ADAM.beta2],
  },
  epsilon: { flag: 'eps', change: 'free', check: optional(above0), absent: PLAIN_ADAM.epsilon },
  clipNorm: { flag: 'clip-norm', change: 'free', check: optional(above0) },
  labelSmoothing: {
    flag: 'label-smoothing',
    change: 'free',
    check: optional(below1),
    absent: PLAIN_ADAM.labelSmoothing,
  },
  ema: { flag: 'ema', change: 'free', check: optional(below1), absent: 0 },
  logInterval: { flag: 'log-interval', change: 'free', check: positive },
  saveInterval: { flag: 'save-interval', change: 'free', check: optional(positive) },
  tensorboard: { flag: 'tensorboard', change: 'free', check: optional(boolean), absent: false },
  opByOp: { flag: 'no-compile', change: 'free', check: optional(boolean), absent: false },
  backend: { flag: 'backend', change: 'free', check: oneOf(BACKENDS) },
  device: { flag: 'device', change: 'free', check: oneOf(DEVICES) },
};

/**
 * What a checkpoint says that its run was told.
 *
 * @param path its name, for messages
 * @throws UserError (checkpoint) naming the setting that is wrong, or contradicts the network in the file
 */
export function settingsIn(metadata: CheckpointMetadata, path: string): RunSettings {
  const fail: Fail = (field, problem) => {
    throw new UserError(`${path}: metadata ${field}: ${problem}`, ExitCode.checkpoint);
  };
  const settings = decodeSettings(metadata.settings ?? {}, fail);
  const { channels: _, ...architecture } = metadata.architecture;
  for (const [name, value] of Object.entries(architecture) as [keyof RunSettings, unknown][]) {
    // The tensors are known to fit the architecture, and the run is made by its settings.
    if (settings[name] !== value) fail(`settings.${name}`, `${settings[name]}, but its network has ${value}`);
  }
  return settings;
}

/** What a step is told. */
export function hyperparametersOf({
  betas,
  weightDecay,
  epsilon,
  clipNorm,
  labelSmoothing,
  ema,
}: RunSettings): Hyperparameters {
  const [beta1, beta2] = betas ?? [PLAIN_ADAM.beta1, PLAIN_ADAM.beta2];
  return {
    beta1,
    beta2,
    epsilon: epsilon ?? PLAIN_ADAM.epsilon,
    weightDecay: weightDecay ?? PLAIN_ADAM.weightDecay,
    clipNorm,
    ema: ema || undefined, // an average that forgets at once is none
    labelSmoothing: labelSmoothing ?? PLAIN_ADAM.labelSmoothing,
  };
}

/** Whether there is a moving average of the weights. */
export function isAveraged(settings: RunSettings): boolean {
  return hyperparametersOf(settings).ema !== undefined;
}

/** What `--override` may name. */
export const OVERRIDES: readonly string[] = [
  ...Object.values(SETTINGS).flatMap(({ flag, change }) => (change === 'override' ? [flag] : [])),
  'data',
];

/** The settings among the flags of a command line; those that were not given are absent. */
export function settingsOf(flags: Readonly<Record<string, unknown>>): Partial<RunSettings> {
  const entries = Object.entries(SETTINGS).map(([name, { flag }]) => [name, flags[flag]]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** @param saved what a checkpoint says */
export function decodeSettings(saved: Readonly<Record<string, unknown>>, fail: Fail): RunSettings {
  const entries = Object.entries<Setting<unknown>>(SETTINGS).map(([name, { check }]) => {
    return [name, check(saved[name], `settings.${name}`, fail)];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
