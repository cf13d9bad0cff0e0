/** Where a run stands between two steps: with weights and optimizer, all that is needed to go on as if never stopped. */
import {
  type Check,
  counter,
  finite,
  fraction,
  integer32,
  list,
  nullable,
  orElse,
  positive,
  record,
} from './fields.ts';

/** The epoch whose weights are in `best.safetensors`. */
export interface BestEpoch {
  readonly epoch: number;
  /** Steps of the run up to its end. */
  readonly step: number;
  /** Mean cross-entropy of a validation image, in nats. */
  readonly loss: number;
  /** Fraction of the validation images classified right, 0 to 1. */
  readonly accuracy: number;
}

export interface Progress {
  /** Epochs finished, each with its validation. */
  readonly epochs: number;
  /** Steps taken, over all epochs. */
  readonly step: number;
  /** Steps taken in the epoch that is under way. */
  readonly batch: number;
  /** Sums over the images of those steps: their number, their cross-entropies (nats) and the correct predictions. */
  readonly sums: { readonly count: number; readonly lossSum: number; readonly correct: number };
  /** The generator that shuffles, as it was before it drew that epoch's order: see `RandomGenerator.state`. */
  readonly shuffle: readonly number[];
  /** The generator that draws how images are augmented, as it is before the next step. */
  readonly augmentation: readonly number[];
  /**
   * See `OptimizerState.deadWeightScale`; absent where nothing decays. The file's kernels hold the initial values of their
   * dead weights, so that a resumed run rounds as one that never stopped.
   */
  readonly deadWeightScale?: number | undefined;
  /** Present where the file holds moving averages too; the scale is that of their dead weights. */
  readonly averaged?: { readonly deadWeightScale: number } | undefined;
  /** null before the first epoch is finished */
  readonly best: BestEpoch | null;
}

const words = list(integer32, 4);

/** The state of a generator: all 0 it would give nothing but 0. */
const generator: Check<number[]> = (value, field, fail) => {
  const state = words(value, field, fail);
  return state.some((word) => word !== 0) ? state : fail(field, 'all 0, which no generator ever is');
};

/** Progress under the field names of a checkpoint's metadata: they outlive names in the code. */
export interface StoredProgress extends Omit<Progress, 'sums' | 'deadWeightScale' | 'averaged'> {
  readonly sums: { readonly images: number; readonly lossSum: number; readonly hits: number };
  readonly decayed?: number | undefined;
  readonly averaged?: { readonly decayed: number } | undefined;
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
  best: nullable(record({ epoch: positive, step: positive, loss: finite, accuracy: fraction })),
});

/** Checks stored progress, each part against the others, and gives it the names of `Progress`. */
export const progress: Check<Progress> = (value, field, fail) => {
  const found = parts(value, field, fail);
  const { epochs, step, batch, sums, best } = found;
  if (step < epochs + batch) fail(`${field}.step`, `${step}, but ${epochs} epochs and ${batch} steps were taken`);
  if (sums.images < batch || (batch === 0 && sums.images > 0))
    fail(`${field}.sums.images`, `${sums.images} of ${batch} steps`);
  if (sums.hits > sums.images) fail(`${field}.sums.hits`, `${sums.hits} of ${sums.images} images`);
  if (sums.lossSum < 0 || (batch === 0 && sums.lossSum > 0))
    fail(`${field}.sums.lossSum`, `${sums.lossSum} of ${batch} steps`);
  if (best && (best.epoch > epochs || best.step > step)) {
    fail(`${field}.best`, `epoch ${best.epoch} at step ${best.step}, but the run is at epoch ${epochs}, step ${step}`);
  }
  const { decayed, averaged, ...others } = found;
  return {
    ...others,
    sums: { count: sums.images, lossSum: sums.lossSum, correct: sums.hits },
    ...(decayed === undefined ? {} : { deadWeightScale: decayed }),
    ...(averaged ? { averaged: { deadWeightScale: averaged.decayed } } : {}),
  };
};

/** The reverse of `progress`. */
export function storedProgress({ deadWeightScale, averaged, ...others }: Progress): StoredProgress {
  const { count, lossSum, correct } = others.sums;
  return {
    ...others,
    sums: { images: count, lossSum, hits: correct },
    ...(deadWeightScale === undefined ? {} : { decayed: deadWeightScale }),
    ...(averaged ? { averaged: { decayed: averaged.deadWeightScale } } : {}),
  };
}

/** Whether an epoch is to replace the best so far; one that is trained again, as it was, replaces itself. */
export function improves(epoch: BestEpoch, best: BestEpoch | null): boolean {
  return best === null || epoch.loss < best.loss || (epoch.loss === best.loss && epoch.step === best.step);
}
