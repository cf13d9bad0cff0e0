/** The fields of a checkpoint's metadata, and the check of each. */
import { MAX_SEED } from '../random.ts';
import { whole } from '../value-kinds.ts';
import {
  atLeast0,
  boolean,
  type Check,
  counter,
  fraction,
  kind,
  list,
  object,
  oneOrEach,
  orElse,
  pixelDeviation,
  pixelMean,
  positive,
  record,
  sha256,
  text,
} from './fields.ts';
import { preparation, type StoredPreparation } from './preparation.ts';
import { type Progress, progress } from './progress.ts';
import { type Strangeness, strangeness } from './strangeness.ts';

/** The facts in a checkpoint about the run that wrote it. */
export interface CheckpointMetadata {
  /** Version of the tool that wrote the checkpoint. */
  readonly toolVersion: string;
  readonly architecture: {
    readonly depth: number;
    readonly width: number;
    readonly variant: string;
    readonly stem: string;
    readonly channels: number;
    readonly classes: number;
  };
  /** Shape of one image: [channels, height, width]. */
  readonly input: readonly [channels: number, height: number, width: number];
  /**
   * Normalisation of the images: the network received a pixel p in [0, 1] as (p − mean) / std. Each is a number for all
   * channels, or a list with one for each channel.
   */
  readonly normalisation: { readonly mean: number | readonly number[]; readonly std: number | readonly number[] };
  readonly seed: number;
  /** Number of training images held back for validation, the seed determines which; or of the data's own. */
  readonly validationSize: number;
  /** SHA-256 of the training data, in hexadecimal. */
  readonly dataHash: string;
  /** Number of finished epochs. */
  readonly epoch: number;
  /** Steps taken, over all epochs. */
  readonly step: number;
  /** Mean cross-entropy of the validation images (nats); absent if these weights were not validated. */
  readonly validationLoss?: number | undefined;
  /** Fraction of the validation images classified correctly, 0 to 1; absent if these weights were not validated. */
  readonly validationAccuracy?: number | undefined;
  /** Mean recall of the classes with validation images, 0 to 1; absent in older files too, as the next two. */
  readonly validationBalancedAccuracy?: number | undefined;
  /** Mean F1 of the classes that have validation images or were answered, 0 to 1. */
  readonly validationMacroF1?: number | undefined;
  /**
   * What logits are divided by for probabilities, found on the validation images; absent if these weights were no new
   * best when they were validated, and if the images do not tell it.
   */
  readonly temperature?: number | undefined;
  /**
   * What the validation images are like; absent in older files, if these weights were not validated, or if there were too
   * few validation images.
   */
  readonly strangeness?: Strangeness | undefined;
  /** Names of the classes in the order of the labels; absent if they are bare numbers. */
  readonly classNames?: readonly string[] | undefined;
  /** Absent if the model reads digits, from images that needed no preparation: MNIST, and all files of older versions. */
  readonly preparation?: StoredPreparation | undefined;
  /** Background of the training images; absent in files of older versions. */
  readonly background?: 'light' | 'dark' | undefined;
  /** All settings of the run by name; absent in files of format 1. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** The backend, device and processor that computed the weights; absent in files of format 1. */
  readonly computedOn?: ComputedOn | undefined;
  /** Position of the run; present only if the file also holds the optimizer's state. */
  readonly progress?: Progress | undefined;
}

/** What computed a run. Two runs are sure to be bit-identical only if these are the same. */
export interface ComputedOn {
  readonly backend: string;
  readonly device: string;
  readonly version: string;
  /** Whether each step ran as one graph, not op by op. */
  readonly compiled: boolean;
  /** Number of threads that compute. */
  readonly threads?: number | undefined;
  /** The processor's instruction sets that decide how TensorFlow rounds, or its model; see `processorFeatures`. */
  readonly processor?: string | undefined;
  /** Number of workers that shared each batch; absent if there was one. */
  readonly workers?: number | undefined;
}

/** A temperature that no probability overflows by; those of this version are within narrower limits. */
const temperature = kind(
  'a number from 0.001 to 1000',
  (value): value is number => typeof value === 'number' && value >= 0.001 && value <= 1000,
);

/** Name of a field. */
export type Field = keyof CheckpointMetadata;

const background = kind('light or dark', (value) => value === 'light' || value === 'dark');

const seed = kind(`an integer from 0 to ${MAX_SEED}`, whole(0, MAX_SEED).isValid);

const computedOn: Check<ComputedOn> = record({
  backend: text,
  device: text,
  version: text,
  compiled: boolean,
  // Older files lack these two fields.
  threads: orElse(undefined, positive),
  processor: orElse(undefined, text),
  workers: orElse(undefined, positive),
});

/** The check of each field, in the order of the file. */
export const FIELDS: { readonly [Name in Field]-?: Check<CheckpointMetadata[Name]> } = {
  toolVersion: text,
  architecture: record({
    depth: positive,
    // Older files lack these three fields: the tool knew one network only.
    width: orElse(64, positive),
    variant: orElse('lesson', text),
    stem: orElse('imagenet', text),
    channels: positive,
    classes: positive,
  }),
  input: list(positive, 3) as Check<[number, number, number]>,
  normalisation: record({ mean: oneOrEach(pixelMean), std: oneOrEach(pixelDeviation) }),
  seed,
  validationSize: positive,
  dataHash: sha256,
  epoch: counter,
  step: counter,
  validationLoss: orElse(undefined, atLeast0),
  validationAccuracy: orElse(undefined, fraction),
  validationBalancedAccuracy: orElse(undefined, fraction),
  validationMacroF1: orElse(undefined, fraction),
  temperature: orElse(undefined, temperature),
  strangeness: orElse(undefined, strangeness),
  classNames: orElse(undefined, list(text)),
  preparation: orElse(undefined, preparation),
  background: orElse(undefined, background),
  settings: orElse(undefined, object),
  computedOn: orElse(undefined, computedOn),
  progress: orElse(undefined, progress),
};
