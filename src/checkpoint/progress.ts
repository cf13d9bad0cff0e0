/** Position of a run between two steps. With weights and optimizer it is all that is needed for a bit-exact resume. */
import {
  atLeast0,
  type Check,
  counter,
  type Fail,
  finite,
  fraction,
  integer32,
  list,
  nullable,
  orElse,
  positive,
  record,
  text,
} from './fields.ts';

/** The epoch whose weights are in `best.safetensors`. */
export interface BestEpoch {
  readonly epoch: number;
  /** The run's step at the end of the epoch. */
  readonly step: number;
  /** Mean cross-entropy of the validation images (nats). */
  readonly loss: number;
  /** Fraction of the validation images classified correctly, 0 to 1. */
  readonly accuracy: number;
  /** Mean recall of the classes with validation images, 0 to 1; absent in older files, as the next. */
  readonly balancedAccuracy?: number | undefined;
  /** Mean F1 of the classes that have validation images or were answered, 0 to 1. */
  readonly macroF1?: number | undefined;
}

/** Parts that are frozen when a run begins, and how far they are. */
export interface FrozenProgress {
  /** Their names, see net/parts.ts. */
  readonly parts: readonly string[];
  /** Steps taken on them since they were thawed; 0: they are frozen, and the file has no moments of them. */
  readonly steps: number;
  /** As `Progress.deadWeightScale`, for these parts. */
  readonly deadWeightScale?: number | undefined;
  /** As `Progress.averaged`, for these parts; absent without averages, and if it is 1. */
  readonly averagedDeadWeightScale?: number | undefined;
}

/** Position of a run between two steps. */
export interface Progress {
  /** Number of finished epochs, each with its validation. */
  readonly epochs: number;
  /** Steps taken, over all epochs. */
  readonly step: number;
  /** Steps taken in the current epoch. */
  readonly batch: number;
  /** Sums over the images of the current epoch's steps: count, loss (nats) and correct predictions. */
  readonly sums: { readonly count: number; readonly lossSum: number; readonly correct: number };
  /** State of the shuffling generator before it drew the current epoch's order; see `RandomGenerator.state`. */
  readonly shuffle: readonly number[];
  /** State of the augmenting generator before the next step. */
  readonly augmentation: readonly number[];
  /**
   * See `OptimizerState.deadWeightScale`; absent without weight decay. The file's kernels hold the initial values of
   * their dead weights, so that a resumed run rounds as one that never stopped.
   */
  readonly deadWeightScale?: number | undefined;
  /** The scale of the dead weights of the exponential moving averages; present only if the file holds averages. */
  readonly averaged?: { readonly deadWeightScale: number } | undefined;
  /** The parts that were frozen when the run began; absent if there were none. */
  readonly frozen?: FrozenProgress | undefined;
  /** The best epoch so far; null before the first epoch is finished. */
  readonly best: BestEpoch | null;
}

const words = list(integer32, 4);

/** The state of a generator. A state of all zeros is refused: it would yield zeros only. */
const generator: Check<number[]> = (value, field, fail) => {
  const state = words(value, field, fail);
  return state.some((word) => word !== 0) ? state : fail(field, 'all 0, a state that no generator reaches');
};

/** A position under the field names of a checkpoint's metadata, which outlive the names in the code. */
export interface StoredProgress extends Omit<Progress, 'sums' | 'deadWeightScale' | 'averaged' | 'frozen'> {
  readonly sums: { readonly images: number; readonly lossSum: number; readonly hits: number };
  readonly decayed?: number | undefined;
  readonly averaged?: { readonly decayed: number } | undefined;
  readonly frozen?: StoredFrozen | undefined;
}

/** `FrozenProgress` under the field names of a checkpoint's metadata. */
interface StoredFrozen extends Pick<FrozenProgress, 'parts' | 'steps'> {
  readonly decayed?: number | undefined;
  readonly averagedDecayed?: number | undefined;
}

const parts: Check<StoredProgress> = record({
  epochs: counter,
  step: counter,
  batch: counter,
  sums: record({ images: counter, lossSum: finite, hits: counter }),
  shuffle: generator,
  augmentation: generator,
  decayed: orElse(undefined, fraction),
  averaged: orElse(undefined, record({ decayed: fraction })),
  frozen: orElse(
    undefined,
    record<StoredFrozen>({
      parts: list(text),
      steps: counter,
      decayed: orElse(undefined, fraction),
      averagedDecayed: orElse(undefined, fraction),
    }),
  ),
  best: nullable(
    record<BestEpoch>({
      ...{ epoch: positive, step: positive, loss: atLeast0, accuracy: fraction },
      ...{ balancedAccuracy: orElse(undefined, fraction), macroF1: orElse(undefined, fraction) },
    }),
  ),
});

/** Checks a stored position, each field against the others, and gives the fields their names in `Progress`. */
export const progress: Check<Progress> = (value, field, fail) => {
  const found = parts(value, field, fail);
  const { epochs, step, batch, sums, best } = found;
  if (step < epochs + batch) fail(`${field}.step`, `${step}, but ${epochs} epochs and ${batch} steps are done`);
  if (sums.images < batch || (batch === 0 && sums.images > 0))
    fail(`${field}.sums.images`, `${sums.images} images in ${batch} steps`);
  if (sums.hits > sums.images) fail(`${field}.sums.hits`, `${sums.hits} of ${sums.images} images`);
  if (sums.lossSum < 0 || (batch === 0 && sums.lossSum > 0))
    fail(`${field}.sums.lossSum`, `${sums.lossSum} after ${batch} steps`);
  if (best && (best.epoch > epochs || best.step > step)) {
    fail(`${field}.best`, `epoch ${best.epoch} at step ${best.step}, but the run is at epoch ${epochs}, step ${step}`);
  }
  const { decayed, averaged, frozen, ...others } = found;
  if (frozen) checkFrozen(frozen, found, `${field}.frozen`, fail);
  return {
    ...others,
    sums: { count: sums.images, lossSum: sums.lossSum, correct: sums.hits },
    ...(decayed === undefined ? {} : { deadWeightScale: decayed }),
    ...(averaged ? { averaged: { deadWeightScale: averaged.decayed } } : {}),
    ...(frozen ? { frozen: frozenOf(frozen) } : {}),
  };
};

/** Checks how far frozen parts are against the rest of a position. */
function checkFrozen(frozen: StoredFrozen, { step, averaged }: StoredProgress, field: string, fail: Fail): void {
  const { parts: names, steps, decayed, averagedDecayed } = frozen;
  if (names.length === 0) fail(`${field}.parts`, 'is empty');
  // A part that was frozen when the run began has missed at least the first step.
  if (steps > 0 && steps >= step) fail(`${field}.steps`, `${steps}, but the run took ${step}`);
  if (steps === 0 && (decayed !== undefined || averagedDecayed !== undefined)) {
    fail(`${field}.decayed`, `${decayed ?? averagedDecayed}, but no step was taken`);
  }
  if (averagedDecayed !== undefined && !averaged) fail(`${field}.averagedDecayed`, 'present, but there is no average');
}

function frozenOf({ parts: names, steps, decayed, averagedDecayed }: StoredFrozen): FrozenProgress {
  return {
    parts: names,
    steps,
    ...(decayed === undefined ? {} : { deadWeightScale: decayed }),
    ...(averagedDecayed === undefined ? {} : { averagedDeadWeightScale: averagedDecayed }),
  };
}

function storedFrozen({ parts: names, steps, deadWeightScale, averagedDeadWeightScale }: FrozenProgress): StoredFrozen {
  return {
    parts: names,
    steps,
    ...(deadWeightScale === undefined ? {} : { decayed: deadWeightScale }),
    ...(averagedDeadWeightScale === undefined ? {} : { averagedDecayed: averagedDeadWeightScale }),
  };
}

/**
 * A position under the field names of a checkpoint's metadata: the reverse of `progress`. The fields have one order
 * here, so that the same position is the same bytes in a checkpoint.
 */
export function storedProgress(position: Progress): StoredProgress {
  const { epochs, step, shuffle, augmentation, best, batch, sums, deadWeightScale, averaged, frozen } = position;
  return {
    epochs,
    step,
    shuffle,
    augmentation,
    best,
    batch,
    sums: { images: sums.count, lossSum: sums.lossSum, hits: sums.correct },
    ...(deadWeightScale === undefined ? {} : { decayed: deadWeightScale }),
    ...(averaged ? { averaged: { decayed: averaged.deadWeightScale } } : {}),
    ...(frozen ? { frozen: storedFrozen(frozen) } : {}),
  };
}

/** Whether a run at this position has taken a step of this epoch, counted from 1; never is undefined. */
export function hasReached(epoch: number | undefined, { epochs, batch }: Pick<Progress, 'epochs' | 'batch'>): boolean {
  return epoch !== undefined && (epochs >= epoch || (epochs + 1 === epoch && batch > 0));
}
