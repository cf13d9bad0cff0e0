/** Where a run stands between two steps: with weights and optimizer, all that is needed to go on as if never stopped. */
import { type Check, counter, finite, integer32, list, nullable, orElse, positive, record, share } from './fields.ts';

/** The epoch whose weights are in `best.safetensors`. */
export interface BestEpoch {
  readonly epoch: number;
  /** Steps of the run up to its end. */
  readonly step: number;
  /** Mean cross-entropy of a validation image, in nats. */
  readonly loss: number;
  /** Share of the validation images classified right, 0 to 1. */
  readonly accuracy: number;
}

export interface Progress {
  /** Epochs finished, each with its validation. */
  readonly epochs: number;
  /** Steps taken, over all epochs. */
  readonly step: number;
  /** Steps taken in the epoch that is under way. */
  readonly batch: number;
  /** Over those steps' images. */
  readonly sums: { readonly images: number; readonly lossSum: number; readonly hits: number };
  /** The generator that shuffles, as it was before it drew that epoch's order: see `RandomGenerator.state`. */
  readonly shuffle: readonly number[];
  /** The generator that draws how images are augmented, as it is before the next step. */
  readonly augmentation: readonly number[];
  /**
   * What weight decay has left of the taps that never meet a pixel. This file's kernels have them as they were at the
   * beginning, so that a run that goes on from it rounds as one that never stopped; absent where nothing decays.
   */
  readonly decayed?: number | undefined;
  /** Present where the file holds moving averages too; the same of those. */
  readonly averaged?: { readonly decayed: number } | undefined;
  /** null before the first epoch is finished */
  readonly best: BestEpoch | null;
}

const words = list(integer32, 4);

/** The state of a generator: all 0 it would give nothing but 0. */
const generator: Check<number[]> = (value, field, fail) => {
  const state = words(value, field, fail);
  return state.some((word) => word !== 0) ? state : fail(field, 'all 0, which no generator ever is');
};

const parts: Check<Progress> = record({
  epochs: counter,
  step: counter,
  batch: counter,
  sums: record({ images: counter, lossSum: finite, hits: counter }),
  shuffle: generator,
  augmentation: generator,
  decayed: orElse(undefined, share),
  averaged: orElse(undefined, record({ decayed: share })),
  best: nullable(record({ epoch: positive, step: positive, loss: finite, accuracy: share })),
});

/** A place in a run that there can be: each part of it agrees with the others. */
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
  return found;
};

/** Whether an epoch is to replace the best so far; one that is trained again, as it was, replaces itself. */
export function improves(epoch: BestEpoch, best: BestEpoch | null): boolean {
  return best === null || epoch.loss < best.loss || (epoch.loss === best.loss && epoch.step === best.step);
}
