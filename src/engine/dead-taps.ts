import type { ModelState } from '../model/model.ts';
import type { AdamStep } from './adam.ts';

/** What weight decay leaves of taps that never meet a pixel, and of their moving average: no step touches them. */
export class DeadTaps {
  #scale: number;
  #averaged: number;

  constructor({ optimizer, averaged }: ModelState) {
    this.#scale = optimizer?.deadWeightScale ?? 1;
    this.#averaged = averaged?.deadWeightScale ?? this.#scale;
  }

  /** See `OptimizerState.deadWeightScale`. */
  get deadWeightScale(): number {
    return this.#scale;
  }

  /** See `AveragedState.deadWeightScale`. */
  get averaged(): number {
    return this.#averaged;
  }

  /** A step was taken. */
  count({ decay = 1, averaging = 1 }: Pick<AdamStep, 'decay' | 'averaging'>): void {
    this.#scale *= decay;
    this.#averaged += (this.#scale - this.#averaged) * averaging;
  }
}
