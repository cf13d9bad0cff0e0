/** The losses of a run, collected for its curve. */
import { type EpochEvent, epochsAt, type StepEvent } from '../training/events.ts';

/** A point of a loss curve. */
export interface LossPoint {
  /** Epochs trained so far, with fractions. */
  readonly epoch: number;
  /** Loss (nats), above 0 so that it has a logarithm. */
  readonly loss: number;
}

/** Fewest epochs whose own losses make a curve; with fewer, the losses of their steps show more. */
const MIN_EPOCHS = 3;

/** Loss (nats) that stands for 0, which has no logarithm. */
export const MIN_DRAWN_LOSS = 1e-6;

/** Collects the losses of a run's events. */
export class LossHistory {
  readonly #steps: LossPoint[] = [];
  readonly #train: LossPoint[] = [];
  readonly #validation: LossPoint[] = [];

  add(event: StepEvent | EpochEvent): void {
    if (event.type === 'step') {
      if (this.#train.length < MIN_EPOCHS) this.#steps.push(lossPoint(epochsAt(event), event.loss));
    } else {
      this.#train.push(lossPoint(event.epoch, event.train.loss));
      this.#validation.push(lossPoint(event.epoch, event.validation.loss));
    }
  }

  /** Training losses: one for each epoch, or with fewer than three epochs one for each step that was added. */
  get train(): readonly LossPoint[] {
    return this.#train.length < MIN_EPOCHS ? this.#steps : this.#train;
  }

  /** Validation losses: one for each epoch. */
  get validation(): readonly LossPoint[] {
    return this.#validation;
  }
}

function lossPoint(epoch: number, loss: number): LossPoint {
  return { epoch, loss: Math.max(loss, MIN_DRAWN_LOSS) };
}
