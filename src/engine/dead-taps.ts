import type { ModelState } from '../model/model.ts';
import type { AdamStep } from './adam.ts';

/** What weight decay leaves of taps that never meet a pixel, and of their moving average: no step touches them. */
export class DeadTaps {
  #decayed: number;
  #averaged: number;

  constructor({ optimizer, averaged }: ModelState) {
    this.#decayed = optimizer?.decayed ?? 1;
    this.#averaged = averaged?.decayed ?? this.#decayed;
  }

  /** See `OptimizerState.decayed`. */
  get decayed(): number {
    return this.#decayed;
  }

  /** See `AveragedState.decayed`. */
  get averaged(): number {
    return this.#averaged;
  }

  /** A step was taken. */
  count({ decay = 1, averaging = 1 }: Pick<AdamStep, 'decay' | 'averaging'>): void {
    this.#decayed *= decay;
    this.#averaged += (this.#decayed - this.#averaged) * averaging;
  }
}
