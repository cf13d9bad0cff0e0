/** The losses of a run, for a curve. */
import type { EpochEvent, StepEvent } from '../training/events.ts';

export interface LossPoint {
  /** How many epochs were trained then, in parts of one too. */
  readonly epoch: number;
  /** Above 0, for a logarithmic scale. */
  readonly loss: number;
}

/** Fewer say less than the steps in them. */
const FEW_EPOCHS = 3;

/** A loss may be exactly 0, which has no logarithm: it is drawn as this. */
export const LEAST_LOSS = 1e-6;

export class LossHistory {
  readonly #steps: LossPoint[] = [];
  readonly #train: LossPoint[] = [];
  readonly #validation: LossPoint[] = [];

  add(event: StepEvent | EpochEvent): void {
    if (event.type === 'step') {
      if (this.#train.length < FEW_EPOCHS) this.#steps.push(lossPoint(epochsAt(event), event.loss));
    } else {
      this.#train.push(lossPoint(event.epoch, event.train.loss));
      this.#validation.push(lossPoint(event.epoch, event.validation.loss));
    }
  }

  /** Of each epoch; of the steps that were told where there are no three epochs. */
  get train(): readonly LossPoint[] {
    return this.#train.length < FEW_EPOCHS ? this.#steps : this.#train;
  }

  /** Of each epoch. */
  get validation(): readonly LossPoint[] {
    return this.#validation;
  }
}

/** How many epochs are trained with this step. */
export function epochsAt({ epoch, batch, batches }: Pick<StepEvent, 'epoch' | 'batch' | 'batches'>): number {
  return epoch - 1 + (batch + 1) / batches;
}

function lossPoint(epoch: number, loss: number): LossPoint {
  return { epoch, loss: Math.max(loss, LEAST_LOSS) };
}
